/** Waits for runs to come to an end, many at once, by what the engine tells and by looking now and then. */
import type { Engine, StoredRun } from '../../engine/engine-types.ts';

/** What another process does is seen after so long. */
const LOOK_AGAIN_MS = 1_000;

export interface WaitBounds {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Aborted: nobody waits any more. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly wake: () => void;
  /** It wants to know of every change, and not of the end alone. */
  readonly watches: boolean;
}

export class RunWaits {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #waiting = new Map<string, Set<Waiting>>();

  constructor(engine: Engine, now: () => number) {
    this.#engine = engine;
    this.#now = now;
    engine.onRunChange((runId, isOver) => {
      for (const { wake, watches } of this.#waiting.get(runId) ?? []) if (isOver || watches) wake();
    });
  }

  /** The run when nothing more happens in it by itself; `undefined`: the time was over before. */
  async settled(
    runId: string,
    bounds: WaitBounds,
    onChange?: (run: StoredRun) => Promise<void>,
  ): Promise<StoredRun | undefined> {
    for (;;) {
      const change = this.#change(runId, bounds, onChange !== undefined);
      try {
        const run = await this.#engine.run(runId);
        if (run !== undefined) await onChange?.(run);
        if (run !== undefined && isSettled(run)) return run;
        if (bounds.signal.aborted || this.#now() >= bounds.until) return undefined;
        await change.happened;
      } finally {
        change.forget();
      }
    }
  }

  /** Begins to listen before anything is read, so that nothing is missed in between. */
  #change(runId: string, { until, signal }: WaitBounds, watches: boolean) {
    const { promise: happened, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiting = { wake, watches };
    const listeners = this.#waiting.get(runId) ?? new Set();
    this.#waiting.set(runId, listeners.add(waiting));
    const waitMs = Math.max(0, Math.min(LOOK_AGAIN_MS, until - this.#now()));
    const timer = setTimeout(wake, waitMs);
    signal.addEventListener('abort', wake, { once: true });
    return {
      happened,
      forget: () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        listeners.delete(waiting);
        if (listeners.size === 0 && this.#waiting.get(runId) === listeners) {
          this.#waiting.delete(runId);
        }
      },
    };
  }
}

/** A run that was only begun to be read has no plan yet. */
function isSettled({ state, plan }: StoredRun): boolean {
  return plan !== undefined && state !== 'planned' && state !== 'running';
}
