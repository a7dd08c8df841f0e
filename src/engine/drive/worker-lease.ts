/** This process as a worker: registered while it works on runs, its lease renewed while it lives. */
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { WorkerLoad } from '../core/worker.ts';
import type { Processes } from '../ports/processes.ts';
import type { Store, Worker, WorkerFacts } from '../store/store.ts';

/** How long a silent worker is not taken for dead. */
const LEASE_MS = 60_000;
/** Renewals in the time of a lease. */
const RENEWALS = 4;
/** What the database did not answer is asked again after this. */
const ASK_AGAIN_MS = 1_000;

export interface WorkerLeaseDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
  /** Default: 60 s. */
  readonly leaseMs?: number;
  /** What this process takes and can; absent: nothing is told of it. */
  readonly facts?: WorkerFacts;
  /** What it works on, as of now. */
  readonly load?: () => WorkerLoad;
}

/** `lapsed`: it has not renewed its lease, and may be about to. */
export type WorkerStanding = 'alive' | 'lapsed' | 'gone';

export class WorkerLease {
  readonly #deps: WorkerLeaseDeps;
  readonly #leaseMs: number;
  readonly #ended = new AbortController();
  /** When this process first saw a lease at its end, by its own clock. */
  readonly #lapsed = new Map<string, { readonly leaseUntil: number; readonly seenAt: number }>();
  #facts: WorkerFacts | undefined;
  #load: () => WorkerLoad;
  #worker: Promise<string> | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #isDraining = false;

  constructor(deps: WorkerLeaseDeps) {
    this.#deps = deps;
    this.#leaseMs = deps.leaseMs ?? LEASE_MS;
    this.#facts = deps.facts;
    this.#load =
      deps.load ??
      (() => ({ runs: 0, hands: 0, inFlight: 0, finishing: 0, ended: 0, finished: 0 }));
  }

  /** What it says of itself from its next registration on. */
  tells(facts: WorkerFacts, load: () => WorkerLoad): void {
    this.#facts = facts;
    this.#load = load;
  }

  /** Registers the worker the first time; gives its id. */
  start(): Promise<string> {
    this.#worker ??= this.#register().catch((error: unknown) => {
      // The database was away: the next one who asks tries again.
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  /** Whether this process is registered as that worker. */
  async isOwn(workerId: string): Promise<boolean> {
    return this.#worker !== undefined && (await this.#worker) === workerId;
  }

  /** One that may be about to renew its lease counts as alive. */
  async isAlive(worker: Worker, storeNow?: number): Promise<boolean> {
    return (await this.standing(worker, storeNow)) !== 'gone';
  }

  /**
   * A process of this machine that has ended is gone at once. Everybody else lives by his lease: also a process of
   * this machine, which may be stopped. One that is over must be seen so for longer than a renewal takes, since after
   * the database was away, or this machine asleep, all of them are. `storeNow`: the store's time, where it is known.
   */
  async standing(worker: Worker, storeNow?: number): Promise<WorkerStanding> {
    const { store, clock, processes } = this.#deps;
    if (processes.look(worker) === 'dead') return 'gone';
    if (worker.leaseUntil > (storeNow ?? (await store.now()))) {
      this.#lapsed.delete(worker.id);
      return 'alive';
    }
    const now = clock.now();
    const seen = this.#lapsed.get(worker.id);
    if (seen === undefined || seen.leaseUntil !== worker.leaseUntil) {
      this.#lapsed.set(worker.id, { leaseUntil: worker.leaseUntil, seenAt: now });
      return 'lapsed';
    }
    return now - seen.seenAt >= this.patienceMs ? 'gone' : 'lapsed';
  }

  /** How far ahead each renewal says that it lives. */
  get leaseMs(): number {
    return this.#leaseMs;
  }

  /** How long a lease must be seen at its end. */
  get patienceMs(): number {
    return (this.#leaseMs / RENEWALS) * 1.5;
  }

  /** Ends a worker that was found gone; false: it has come back meanwhile. */
  fence(worker: Worker): Promise<boolean> {
    const isDead = this.#deps.processes.look(worker) === 'dead';
    return this.#deps.store.fenceWorker(worker.id, isDead);
  }

  /** Tells the others that this process takes up nothing more. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#worker !== undefined) await this.#renewOnce(await this.#worker).catch(() => {});
  }

  async end(): Promise<void> {
    this.#ended.abort();
    if (this.#worker === undefined) return;
    await this.#renewing;
    if (this.#worker === undefined) return;
    // A database that is away cannot be told: the lease ends by itself.
    await this.#deps.store.removeWorker(await this.#worker).catch(() => undefined);
  }

  async #register(): Promise<string> {
    const { store, random, processes } = this.#deps;
    const id = `w${random.id(12)}`;
    const leaseUntil = (await store.now()) + this.#leaseMs;
    await store.registerWorker({ id, ...processes.self, leaseUntil }, this.#facts);
    this.#renewing = this.#renew(id);
    return id;
  }

  async #renew(id: string): Promise<void> {
    const { clock } = this.#deps;
    let isAway = false;
    for (;;) {
      const waitMs = this.#leaseMs / RENEWALS;
      await clock.sleep(isAway ? Math.min(waitMs, ASK_AGAIN_MS) : waitMs, this.#ended.signal);
      if (this.#ended.signal.aborted) return;
      try {
        isAway = false;
        if (await this.#renewOnce(id)) continue;
        // Somebody took this process for dead: what it works on under this name ends by itself, and it begins anew.
        this.#worker = undefined;
        return;
      } catch {
        // A database that is away for a moment is no reason to give up: the next renewal may reach it.
        isAway = true;
      }
    }
  }

  async #renewOnce(id: string): Promise<boolean> {
    const { store } = this.#deps;
    const now = await store.now();
    const told = { load: this.#load(), isDraining: this.#isDraining };
    return store.renewWorker(id, now + this.#leaseMs, told);
  }
}
