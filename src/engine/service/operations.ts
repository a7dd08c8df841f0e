/** What those who operate an installation ask of it: what this process does, and how the store stands. */
import type { Clock } from '../core/clock.ts';
import type { Activity, ActivityCounts } from '../drive/activity.ts';
import type { StoreStanding } from '../store/standing-store.ts';
import type { Store } from '../store/store.ts';

/** At most this share of the time goes into counting, however large the store is. */
const MOST_SHARE = 0.02;
const LEAST_AGE_MS = 2_000;

export interface OperationsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly activity: Activity;
}

export class Operations {
  readonly #deps: OperationsDeps;
  #standing: Promise<StoreStanding> | undefined;
  #goodUntil = -Infinity;

  constructor(deps: OperationsDeps) {
    this.#deps = deps;
  }

  get activity(): ActivityCounts {
    return this.#deps.activity.counts;
  }

  /** A few seconds old, or more where counting takes long. */
  standing(): Promise<StoreStanding> {
    if (this.#standing === undefined || this.#deps.clock.now() >= this.#goodUntil) {
      this.#goodUntil = Infinity;
      this.#standing = this.#count();
    }
    return this.#standing;
  }

  /** Throws what the store says when it cannot be asked now. */
  async ready(): Promise<void> {
    await this.#deps.store.now();
    await this.#deps.store.findWorkspace('local');
  }

  async #count(): Promise<StoreStanding> {
    const { store, clock } = this.#deps;
    const startedAt = clock.now();
    try {
      return await store.standing();
    } catch (error) {
      this.#standing = undefined;
      throw error;
    } finally {
      const now = clock.now();
      this.#goodUntil = now + Math.max(LEAST_AGE_MS, (now - startedAt) / MOST_SHARE);
    }
  }
}
