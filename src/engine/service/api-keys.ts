/** Keys by which programs and people act for a workspace: made once, shown once, stored as a hash. */
import { UsageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import {
  type ApiKey,
  type KeyHolder,
  type Role,
  type Scope,
  SCOPES_OF,
} from '../core/workspace.ts';
import type { ApiKeyChange, ApiKeyFilter, NewApiKey, PlaceInList, Store } from '../store/store.ts';
import { hashOf, type Standing, type Standings } from './standings.ts';

/** Letters and digits after `im_`: 40 of 31 kinds cannot be guessed. */
const SECRET_LENGTH = 40;
const SECRET = /^im_[a-z0-9]{32,64}$/;

const INVITATION = /^imi_[a-z0-9]{40}$/;

/** Two days: it is sent by mail, and read tomorrow. */
export const INVITATION_MS = 48 * 3_600_000;

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
  /** Absent: a program. */
  readonly holder?: KeyHolder;
}

/** A new key; `secret` is told this one time. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** `invitation` is told this one time. */
export interface IssuedInvitation {
  readonly key: ApiKey;
  readonly invitation: string;
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
    const { made, secret } = this.draw(order);
    return { key: await this.#create(made), secret };
  }

  /**
   * The key of somebody who is invited to sign in: nobody knows its secret, and `accept` gives it another. Throws
   * as `issue` does.
   */
  async invite(order: Omit<ApiKeyOrder, 'holder'>): Promise<IssuedInvitation> {
    const { made } = this.draw({ ...order, holder: 'person' });
    const { invitation, stored } = this.#drawInvitation();
    return { key: await this.#create({ ...made, invitation: stored }), invitation };
  }

  /**
   * Another invitation, in place of the one so far, for somebody who lost it or the secret. Until it is accepted, a
   * secret goes on being good. Throws `UsageError` for a key that no person has, or that was revoked.
   */
  async inviteAgain(id: string): Promise<IssuedInvitation> {
    const { invitation, stored } = this.#drawInvitation();
    const done = await this.#deps.store.inviteHolder(id, stored);
    const key = await this.#changed(id, done || (await this.find(id))?.revokedAt === undefined);
    if (!done)
      throw new UsageError(`The key "${key.name}" is a program's: nobody is invited to it.`);
    return { key, invitation };
  }

  /** Takes an invitation, once, for the secret of its key; `undefined` for one that is none, or has ended. */
  async accept(invitation: string): Promise<IssuedKey | undefined> {
    if (!INVITATION.test(invitation)) return undefined;
    const { store, standings } = this.#deps;
    const secret = this.#drawSecret();
    const terms = { hash: hashOf(secret), hint: hintOf(secret) };
    const id = await store.acceptInvitation(hashOf(invitation), terms);
    if (id === undefined) return undefined;
    standings.forget();
    return { key: (await store.findApiKey(id))!, secret };
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
  list(workspace: string, place?: PlaceInList, filter?: ApiKeyFilter): Promise<ApiKey[]> {
    return this.#deps.store.listApiKeys(workspace, place, filter);
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

  #drawInvitation() {
    const invitation = `imi_${this.#deps.random.id(SECRET_LENGTH)}`;
    return { invitation, stored: { hash: hashOf(invitation), lastsMs: INVITATION_MS } };
  }

  async #create(made: NewApiKey): Promise<ApiKey> {
    const { store } = this.#deps;
    if ((await store.findWorkspace(made.workspace)) === undefined) {
      throw new UsageError(`There is no workspace "${made.workspace}".`);
    }
    await store.createApiKey(made);
    return (await store.findApiKey(made.id))!;
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
