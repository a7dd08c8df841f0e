/** Keys by which programs and people act for a workspace: made once, shown once, stored as a hash. */
import { UsageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { type ApiKey, type Role, type Scope, SCOPES_OF } from '../core/workspace.ts';
import type { ApiKeyChange, NewApiKey, PlaceInList, Store } from '../store/store.ts';
import { hashOf, type Standing, type Standings } from './standings.ts';

/** Letters and digits after `im_`: 40 of 31 kinds cannot be guessed. */
const SECRET_LENGTH = 40;
const SECRET = /^im_[a-z0-9]{32,64}$/;

/** A rotated secret is kept for so long at most: 30 days. */
export const LONGEST_ROTATION_MS = 30 * 86_400_000;

export interface ApiKeyOrder {
  readonly workspace: string;
  readonly name: string;
  readonly role: Role;
  /** Fewer than the role's. Absent: all of them. */
  readonly scopes?: readonly Scope[];
  /** Milliseconds since 1970. Absent: never. */
  readonly expiresAt?: number;
  readonly budgetCreditMicros?: number;
}

/** A new key; `secret` is told this one time. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

export interface ApiKeysDeps {
  readonly store: Store;
  readonly random: Random;
  readonly standings: Standings;
}

export class ApiKeys {
  readonly #deps: ApiKeysDeps;

  constructor(deps: ApiKeysDeps) {
    this.#deps = deps;
  }

  /** Throws `UsageError` for a workspace that is not there, and scopes that the role does not have. */
  async issue(order: ApiKeyOrder): Promise<IssuedKey> {
    const { store } = this.#deps;
    if ((await store.findWorkspace(order.workspace)) === undefined) {
      throw new UsageError(`There is no workspace "${order.workspace}".`);
    }
    const { made, secret } = this.draw(order);
    await store.createApiKey(made);
    return { key: (await store.findApiKey(made.id))!, secret };
  }

  /** A key as it would be stored, with the secret whose hash it has; nothing is written. */
  draw(order: ApiKeyOrder): { readonly made: NewApiKey; readonly secret: string } {
    const more = order.scopes?.filter((scope) => !SCOPES_OF[order.role].includes(scope)) ?? [];
    if (more.length > 0) {
      throw new UsageError(`A key with the role ${order.role} cannot have ${more.join(', ')}.`);
    }
    const secret = this.#drawSecret();
    const id = `key_${this.#deps.random.id(16)}`;
    return { made: { ...order, id, hash: hashOf(secret), hint: hintOf(secret) }, secret };
  }

  /** Whose secret this is, if it may be used now; `undefined` for every other one. */
  async authenticate(secret: string): Promise<Standing | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const { standings, store } = this.#deps;
    return standings.of(secret, (hash) => store.findApiKeyByHash(hash));
  }

  find(id: string): Promise<ApiKey | undefined> {
    return this.#deps.store.findApiKey(id);
  }

  /** Newest first. */
  list(workspace: string, place?: PlaceInList): Promise<ApiKey[]> {
    return this.#deps.store.listApiKeys(workspace, place);
  }

  /** Throws `UsageError` when there is no such key, or it was revoked. */
  async change(id: string, change: ApiKeyChange): Promise<ApiKey> {
    const { store } = this.#deps;
    const done = await store.changeApiKey(id, change);
    if (done && change.budgetCreditMicros !== undefined) await store.reopenRunsOfKey(id);
    return this.#changed(id, done);
  }

  /** From now on it opens nothing, and its sessions have ended. Of one revoked before: nothing happens. */
  async revoke(id: string): Promise<ApiKey> {
    const { store, standings } = this.#deps;
    await store.revokeApiKey(id);
    standings.forget();
    const key = await store.findApiKey(id);
    if (key === undefined) throw new UsageError(`There is no key ${id}.`);
    return key;
  }

  /**
   * Gives the key another secret. The one so far may be used for `keepOldMs` (at most 30 days); 0: not
   * any more. Throws `UsageError` when there is no such key, or it was revoked.
   */
  async rotate(id: string, keepOldMs = 0): Promise<IssuedKey> {
    if (!(keepOldMs >= 0 && keepOldMs <= LONGEST_ROTATION_MS)) {
      throw new UsageError('The old secret can be kept for 30 days at most.');
    }
    const secret = this.#drawSecret();
    const done = await this.#deps.store.rotateApiKey(id, {
      hash: hashOf(secret),
      hint: hintOf(secret),
      keepOldMs,
    });
    return { key: await this.#changed(id, done), secret };
  }

  #drawSecret(): string {
    return `im_${this.#deps.random.id(SECRET_LENGTH)}`;
  }

  async #changed(id: string, done: boolean): Promise<ApiKey> {
    this.#deps.standings.forget();
    const key = await this.#deps.store.findApiKey(id);
    if (key === undefined) throw new UsageError(`There is no key ${id}.`);
    if (!done) throw new UsageError(`The key "${key.name}" was revoked; make a new one.`);
    return key;
  }
}

function hintOf(secret: string): string {
  return secret.slice(-4);
}
