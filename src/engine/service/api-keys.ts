/** Keys by which programs and people act for a workspace: made once, shown once, stored as a hash. */
import { hash, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { type ApiKey, type Role, type Scope, SCOPES_OF } from '../core/workspace.ts';
import type { Store } from '../store/store.ts';

/** Letters and digits after `im_`: 40 of 31 kinds cannot be guessed. */
const SECRET_LENGTH = 40;
const SECRET = /^im_[a-z0-9]{32,64}$/;

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
}

export class ApiKeys {
  readonly #deps: ApiKeysDeps;

  constructor(deps: ApiKeysDeps) {
    this.#deps = deps;
  }

  /** Throws `UsageError` for scopes that the role does not have. */
  async issue(order: ApiKeyOrder): Promise<IssuedKey> {
    const { store, random } = this.#deps;
    const more = order.scopes?.filter((scope) => !SCOPES_OF[order.role].includes(scope)) ?? [];
    if (more.length > 0) {
      throw new UsageError(`A key with the role ${order.role} cannot have ${more.join(', ')}.`);
    }
    const secret = `im_${random.id(SECRET_LENGTH)}`;
    const id = `key_${random.id(16)}`;
    await store.createApiKey({ ...order, id, hash: hashOf(secret), hint: secret.slice(-4) });
    return { key: (await store.findApiKey(id))!, secret };
  }

  /** The key of a secret that may be used now; `undefined` for every other one. */
  async authenticate(secret: string): Promise<ApiKey | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const { store } = this.#deps;
    const expected = hashOf(secret);
    const key = await store.findApiKeyByHash(expected);
    if (key === undefined || key.revokedAt !== undefined) return undefined;
    if (key.expiresAt !== undefined && key.expiresAt <= (await store.now())) return undefined;
    return key;
  }

  list(workspace: string): Promise<ApiKey[]> {
    return this.#deps.store.listApiKeys(workspace);
  }
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
}

function hashOf(secret: string): string {
  return hash('sha256', secret);
}
