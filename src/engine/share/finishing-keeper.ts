/** Finishes pictures that other processes have no room for, until it is told to stop. */
import type { Clock } from '../core/clock.ts';
import type { FinishedFile, Finisher, FinishResult } from '../core/finisher.ts';
import { waitForWake } from '../drive/wait-for-wake.ts';
import { isAbout, type Signals } from '../ports/signals.ts';
import type { FinishingResult, FinishingTask } from '../store/finishing-store.ts';
import type { Store } from '../store/store.ts';
import type { FinishingExchange } from './finishing-exchange.ts';
import { MOST_HERE } from './shared-finisher.ts';

/** A signal may be missed: tasks are looked for so often all the same. */
const LOOK_AGAIN_MS = 5_000;

export interface FinishingKeeperDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signals: Signals;
  /** Of this process alone: what is taken is not offered again. */
  readonly finisher: Pick<Finisher, 'finish'>;
  readonly exchange: FinishingExchange;
  readonly workerId: () => Promise<string>;
  readonly capabilities: readonly string[];
}

export interface KeepFinishingOptions {
  readonly onDefect?: (taskId: string, error: unknown) => void;
}

export class FinishingKeeper {
  readonly #deps: FinishingKeeperDeps;
  readonly #working = new Set<Promise<void>>();
  readonly #drain = new AbortController();
  #wake = Promise.withResolvers<void>();
  #keeping: Promise<void> | undefined;
  #finished = 0;

  constructor(deps: FinishingKeeperDeps) {
    this.#deps = deps;
  }

  get finishing(): number {
    return this.#working.size;
  }

  /** Pictures finished for others so far. */
  get finished(): number {
    return this.#finished;
  }

  /** A second call changes nothing. */
  start(options: KeepFinishingOptions = {}): void {
    this.#keeping ??= this.#keep(options);
  }

  /** Takes nothing more, and resolves when what it has is finished. */
  async drain(): Promise<void> {
    this.#drain.abort();
    this.#wake.resolve();
    await this.#keeping;
  }

  async #keep({ onDefect }: KeepFinishingOptions): Promise<void> {
    const { clock, signals, store, exchange } = this.#deps;
    const unsubscribe = signals.subscribe((topic) => {
      if (isAbout(topic, 'finishing')) this.#wake.resolve();
    });
    while (!this.#drain.signal.aborted) {
      const wake = this.#wake.promise;
      await this.#takeUp(onDefect).catch((error: unknown) => onDefect?.('', error));
      const why = await waitForWake(clock, wake, LOOK_AGAIN_MS);
      this.#wake = Promise.withResolvers();
      if (why !== 'time') continue;
      const strays = await store.removeStrayFinishing().catch(() => []);
      for (const id of strays) await exchange.remove(id).catch(() => undefined);
    }
    unsubscribe();
    await Promise.all(this.#working);
  }

  async #takeUp(onDefect: KeepFinishingOptions['onDefect']): Promise<void> {
    const { store, workerId, capabilities } = this.#deps;
    while (this.#working.size < MOST_HERE && !this.#drain.signal.aborted) {
      const task = await store.takeFinishing(await workerId(), capabilities);
      if (task === undefined) return;
      const working = this.#work(task)
        .catch((error: unknown) => onDefect?.(task.id, error))
        .finally(() => {
          this.#working.delete(working);
          this.#wake.resolve();
        });
      this.#working.add(working);
    }
  }

  async #work(task: FinishingTask): Promise<void> {
    const { store, signals, exchange, workerId } = this.#deps;
    let result: FinishingResult = { kind: 'not-done' };
    try {
      result = await this.#finish(task);
    } finally {
      await store.endFinishing(task.id, await workerId(), result);
      signals.notify('finishing');
      await exchange.forget(task.id);
    }
  }

  async #finish(task: FinishingTask): Promise<FinishingResult> {
    const { finisher, exchange } = this.#deps;
    const finished: FinishResult = await finisher.finish(await exchange.master(task), task.order);
    if (finished.kind === 'unusable') return finished;
    for (const [place, { bytes }] of finished.files.entries()) {
      await exchange.put(task.id, String(place), bytes);
    }
    this.#finished += 1;
    return { ...finished, files: finished.files.map(factsOf) };
  }
}

function factsOf({ bytes, ...facts }: FinishedFile): Omit<FinishedFile, 'bytes'> {
  void bytes;
  return facts;
}
