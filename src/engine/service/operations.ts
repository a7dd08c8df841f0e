/** What those who operate an installation ask of it: what this process does, and how the store stands. */
import type { Clock } from '../core/clock.ts';
import type { Activity, ActivityCounts } from '../drive/activity.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import { OWN_LEVEL } from '../store/migrations/index.ts';
import type { StoreStanding } from '../store/standing-store.ts';
import type { Store } from '../store/store.ts';

/** At most this share of the time goes into counting, however large the store is. */
const MOST_SHARE = 0.02;
const LEAST_AGE_MS = 2_000;
/** A newer program that wants to take something away waits for older ones at least as long. */
const LEVEL_LOOK_MS = 2_000;

export interface OperationsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly lease: Pick<WorkerLease, 'isOwn' | 'isAlive' | 'start'>;
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

  /** Enters this process among those that work on the store; its id there. */
  register(): Promise<string> {
    return this.#deps.lease.start();
  }

  /** What a newer program has made of the store, in words; `undefined`: it is as this one has it. */
  async newerStore(): Promise<string | undefined> {
    const { level } = await this.#deps.store.level();
    if (level <= OWN_LEVEL) return undefined;
    return `A newer Imagemill works on this store as well (level ${level}, this one has ${OWN_LEVEL}). It lets this one go on.`;
  }

  /** Resolves with the reason when a newer program takes this one's right to write, or with nothing at the signal. */
  async untilTooOld(signal: AbortSignal): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    // A database that answers nothing must not keep a process from ending.
    void this.#lookForNewer(signal).then(resolve);
    return promise;
  }

  async #lookForNewer(signal: AbortSignal): Promise<string | undefined> {
    const { store, clock } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(LEVEL_LOOK_MS, signal);
      // One that is away says nothing about it.
      const reason = await store.tooOld().catch(() => undefined);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** Living processes that work on this store, but this one. */
  async otherWorkers(): Promise<{ readonly host: string; readonly pid: number }[]> {
    const { store, lease } = this.#deps;
    const others: { host: string; pid: number }[] = [];
    for (const worker of await store.registeredWorkers()) {
      if (worker.endedAt !== undefined || (await lease.isOwn(worker.id))) continue;
      if (!(await lease.isAlive(worker))) continue;
      others.push({ host: worker.host.split('/')[0]!, pid: worker.pid });
    }
    return others;
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
