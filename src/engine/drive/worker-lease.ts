/** This process as a worker: registered while it drives runs, its lease renewed while it lives. */
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Processes } from '../ports/processes.ts';
import type { Store, Worker } from '../store/store.ts';

/** How long another machine waits before it takes a silent worker for dead. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

export interface WorkerLeaseDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
}

export class WorkerLease {
  readonly #deps: WorkerLeaseDeps;
  readonly #ended = new AbortController();
  #worker: Promise<string> | undefined;
  #renewing: Promise<void> = Promise.resolve();

  constructor(deps: WorkerLeaseDeps) {
    this.#deps = deps;
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

  /** Certain for a process of this machine; for another's, what its lease says. */
  async isAlive(worker: Worker): Promise<boolean> {
    const seen = this.#deps.processes.look(worker);
    if (seen !== 'elsewhere') return seen === 'alive';
    return worker.leaseUntil > (await this.#deps.store.now());
  }

  async end(): Promise<void> {
    if (this.#worker === undefined) return;
    this.#ended.abort();
    await this.#renewing;
    await this.#deps.store.removeWorker(await this.#worker);
  }

  async #register(): Promise<string> {
    const { store, random, processes } = this.#deps;
    const id = `w${random.id(12)}`;
    await store.registerWorker({
      id,
      ...processes.self,
      leaseUntil: (await store.now()) + LEASE_MS,
    });
    this.#renewing = this.#renew(id);
    return id;
  }

  async #renew(id: string): Promise<void> {
    const { store, clock } = this.#deps;
    for (;;) {
      await clock.sleep(RENEW_MS, this.#ended.signal);
      if (this.#ended.signal.aborted) return;
      // A database that is away for a moment is no reason to give up: the next renewal may reach it.
      await store
        .now()
        .then((now) => store.renewWorker(id, now + LEASE_MS))
        .catch(() => {});
    }
  }
}
