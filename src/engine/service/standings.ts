/** What a shown secret is worth now, remembered for moments so that not every request asks the store. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { ApiKey, WorkspaceState } from '../core/workspace.ts';
import type { FoundSecret, Store } from '../store/store.ts';

/** A key that another process revoked works here for so long at most. */
const REMEMBERED_MS = 2_000;
/** Secrets remembered at a time; the oldest are forgotten first. */
const MOST_REMEMBERED = 10_000;
/** The last use of a key is written at most this often. */
const TOUCHED_EVERY_MS = 60_000;

/** Who acts with a secret. */
export interface Standing {
  readonly key: ApiKey;
  readonly workspaceState: WorkspaceState;
  /** The secret itself ends then: a session's, a rotated one's. Absent: with its key. */
  readonly until?: number;
}

interface Remembered {
  readonly found: FoundSecret;
  /** By this process's clock. */
  readonly at: number;
  /** By the store's clock. */
  readonly storeNow: number;
}

export interface StandingsDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export class Standings {
  readonly #deps: StandingsDeps;
  readonly #remembered = new Map<string, Remembered>();
  #changes = 0;

  constructor(deps: StandingsDeps) {
    this.#deps = deps;
  }

  /** Of a secret that `find` looks up by its hash; `undefined` when it may not be used now. */
  async of(
    secret: string,
    find: (hash: string) => Promise<FoundSecret | undefined>,
  ): Promise<Standing | undefined> {
    const expected = hashOf(secret);
    const known = this.#fresh(expected) ?? (await this.#lookUp(expected, find));
    if (known === undefined || !isSameHash(known.found.hash, expected)) return undefined;
    const { key, workspaceState, until } = known.found;
    const now = known.storeNow + this.#deps.clock.now() - known.at;
    const end = Math.min(key.expiresAt ?? Infinity, until ?? Infinity);
    if (key.revokedAt !== undefined || end <= now) return undefined;
    return { key, workspaceState, ...(until !== undefined && { until }) };
  }

  /** Something that decides about secrets was changed in this process: it holds from now on. */
  forget(): void {
    this.#changes += 1;
    this.#remembered.clear();
  }

  #fresh(expected: string): Remembered | undefined {
    const known = this.#remembered.get(expected);
    if (known === undefined) return undefined;
    const age = this.#deps.clock.now() - known.at;
    return age >= 0 && age < REMEMBERED_MS ? known : undefined;
  }

  async #lookUp(
    expected: string,
    find: (hash: string) => Promise<FoundSecret | undefined>,
  ): Promise<Remembered | undefined> {
    const { store, clock } = this.#deps;
    const changes = this.#changes;
    const at = clock.now();
    const found = await find(expected);
    if (found === undefined) return undefined;
    const storeNow = await store.now();
    await this.#touch(found.key, storeNow);
    const known = { found, at, storeNow };
    // What was read before a change may not be remembered after it.
    if (changes === this.#changes) this.#remember(expected, known);
    return known;
  }

  #remember(expected: string, known: Remembered): void {
    this.#remembered.delete(expected);
    this.#remembered.set(expected, known);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MOST_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
  }

  async #touch(key: ApiKey, storeNow: number): Promise<void> {
    if ((key.lastUsedAt ?? -Infinity) > storeNow - TOUCHED_EVERY_MS) return;
    if (key.revokedAt !== undefined) return;
    // A store that takes nothing now may still be read from.
    await this.#deps.store.touchApiKey(key.id, TOUCHED_EVERY_MS).catch(() => undefined);
  }
}

/** SHA-256, hex: a long random secret needs no slower one. */
export function hashOf(secret: string): string {
  return hash('sha256', secret);
}

/** Whether two hashes are the same, in a time that does not tell how much of them is. */
export function isSameHash(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
