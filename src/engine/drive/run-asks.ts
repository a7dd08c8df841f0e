/** What people ask of a run while it is driven, by this process or another: to pause, to cancel, to look again. */
import type { Clock } from '../core/clock.ts';
import { isAbout, type Signals } from '../ports/signals.ts';
import type { Store, StoredRun } from '../store/store.ts';
import type { RunChanges } from './run-changes.ts';

/** What could not be read is read again after this. */
const LOOK_AGAIN_MS = 1_000;

export interface RunAsksDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signals: Signals;
  /** Asks that are made in this process. */
  readonly asks: RunChanges;
  /** Aborted when the engine stops at once. */
  readonly stop: AbortSignal;
}

export class RunAsks implements Disposable {
  readonly #deps: RunAsksDeps;
  readonly #runId: string;
  readonly #onLook: (asked: StoredRun['asked']) => void;
  readonly #over = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #unlisten: () => void;

  /** `onLook` is told what is asked whenever something may have changed, also if nothing is. */
  constructor(deps: RunAsksDeps, runId: string, onLook: (asked: StoredRun['asked']) => void) {
    this.#deps = deps;
    this.#runId = runId;
    this.#onLook = onLook;
    this.#unsubscribe = deps.signals.subscribe((topic) => {
      if (isAbout(topic, `run:${runId}`)) void this.look();
    });
    this.#unlisten = deps.asks.listen((id) => {
      if (id === runId) void this.look();
    });
  }

  /** Never throws: a database that is away is asked again, since what was asked must not be lost. */
  async look(): Promise<void> {
    const { clock, stop } = this.#deps;
    const over = AbortSignal.any([this.#over.signal, stop]);
    let run = await this.#read();
    while (run === 'away' && !over.aborted) {
      await clock.sleep(LOOK_AGAIN_MS, over);
      run = await this.#read();
    }
    if (run !== 'away' && !over.aborted) this.#onLook(run?.asked);
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#unsubscribe();
    this.#unlisten();
  }

  async #read(): Promise<StoredRun | undefined | 'away'> {
    return this.#deps.store.findRun(this.#runId).catch(() => 'away' as const);
  }
}
