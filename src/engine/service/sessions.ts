/** Sessions of browsers: begun with a key, carried by a cookie, ended with the key at the latest. */
import type { Random } from '../core/random.ts';
import type { Store } from '../store/store.ts';
import { hashOf, type Standing, type Standings } from './standings.ts';

/** A day's work: 12 hours. */
const SESSION_MS = 12 * 3_600_000;
const TOKEN_LENGTH = 48;
const TOKEN = /^ims_[a-z0-9]{48}$/;

/** `token` is the cookie's value; it is stored as a hash only. */
export interface BegunSession {
  readonly token: string;
  readonly standing: Standing;
  readonly lastsMs: number;
}

export interface SessionsDeps {
  readonly store: Store;
  readonly random: Random;
  readonly standings: Standings;
}

export class Sessions {
  readonly #deps: SessionsDeps;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /** In the name of a secret; it lasts 12 hours, and never longer than what it was begun with. */
  async begin({ key, until }: Pick<Standing, 'key' | 'until'>): Promise<BegunSession | undefined> {
    const { store, random } = this.#deps;
    const end = Math.min(key.expiresAt ?? Infinity, until ?? Infinity);
    const lastsMs = Math.min(SESSION_MS, end - (await store.now()));
    const token = `ims_${random.id(TOKEN_LENGTH)}`;
    await store.createSession({ hash: hashOf(token), keyId: key.id, lastsMs });
    const standing = await this.authenticate(token);
    return standing && { token, standing, lastsMs };
  }

  /** Whose session this is, if it has not ended. */
  async authenticate(token: string): Promise<Standing | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const { standings, store } = this.#deps;
    return standings.of(token, (hash) => store.findSession(hash));
  }

  async end(token: string): Promise<void> {
    await this.#deps.store.endSession(hashOf(token));
    this.#deps.standings.forget();
  }
}
