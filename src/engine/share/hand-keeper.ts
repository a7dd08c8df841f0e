/** Lends hands to runs that other workers own and that have more to send than those do, until it is told to stop. */
import type { Clock } from '../core/clock.ts';
import { waitForWake } from '../drive/wait-for-wake.ts';
import { isAbout, type Signals } from '../ports/signals.ts';
import type { RunWithWork, Store } from '../store/store.ts';

/** Runs of others that one process sends requests of. */
const MOST_AT_ONCE = 50;
/** Nobody tells that a run waits for nothing any more: that is looked for so often. */
const LOOK_AGAIN_MS = 5_000;
/** A look asks for each running run: many signals are one. */
const LEAST_BETWEEN_MS = 1_000;

export interface HandKeeperDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signals: Signals;
  /** This process as a worker. */
  readonly workerId: () => Promise<string>;
  /** Whether this process can send something of it, and its owner can read what it stores. */
  readonly can: (work: RunWithWork) => Promise<boolean>;
  readonly lend: (work: RunWithWork, drain: AbortSignal) => Promise<void>;
}

export interface KeepHandsOptions {
  readonly onDefect?: (runId: string, error: unknown) => void;
}

export class HandKeeper {
  readonly #deps: HandKeeperDeps;
  readonly #lent = new Map<string, Promise<void>>();
  readonly #drain = new AbortController();
  #wake = Promise.withResolvers<void>();
  #keeping: Promise<void> | undefined;

  constructor(deps: HandKeeperDeps) {
    this.#deps = deps;
  }

  /** Runs of others that are being helped. */
  get lent(): number {
    return this.#lent.size;
  }

  /** A second call changes nothing. */
  start(options: KeepHandsOptions = {}): void {
    this.#keeping ??= this.#keep(options);
  }

  /** Takes up nothing more, lets what is in flight end, and resolves then. */
  async drain(): Promise<void> {
    this.#drain.abort();
    this.#wake.resolve();
    await this.#keeping;
  }

  async #keep(options: KeepHandsOptions): Promise<void> {
    const { clock, signals } = this.#deps;
    const unsubscribe = signals.subscribe((topic) => {
      if (isAbout(topic, 'hands', 'runs')) this.#wake.resolve();
    });
    while (!this.#drain.signal.aborted) {
      const wake = this.#wake.promise;
      await this.#takeUp(options).catch((error: unknown) => options.onDefect?.('', error));
      await clock.sleep(LEAST_BETWEEN_MS, this.#drain.signal);
      await waitForWake(clock, wake, LOOK_AGAIN_MS);
      this.#wake = Promise.withResolvers();
    }
    unsubscribe();
    await Promise.all(this.#lent.values());
  }

  async #takeUp(options: KeepHandsOptions): Promise<void> {
    const { store, workerId, can, lend } = this.#deps;
    for (const work of await store.runsWithWork(await workerId())) {
      const isFull = this.#lent.size >= MOST_AT_ONCE;
      if (isFull || this.#drain.signal.aborted) return;
      if (this.#lent.has(work.id) || !(await can(work))) continue;
      const lending = lend(work, this.#drain.signal)
        .catch((error: unknown) => options.onDefect?.(work.id, error))
        .finally(() => this.#lent.delete(work.id));
      this.#lent.set(work.id, lending);
    }
  }
}
