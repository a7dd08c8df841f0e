import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { PaintResult, PaintTask } from './painter-worker.ts';

/** Paints in worker threads, so that the caller's event loop stays free. */
export interface PainterPool extends AsyncDisposable {
  /** Rejects with an AbortError when `signal` is aborted first. */
  paint(task: PaintTask, signal: AbortSignal): Promise<PaintResult>;
}

/** A worker that had nothing to do for so long is let go. */
const IDLE_MS = 10_000;

/** A pool that starts with its first picture; idle workers do not keep the process alive. */
export function createPainterPool(threads = availableParallelism()): PainterPool {
  let pool: Tinypool | undefined;
  return {
    paint: async (task, signal) => {
      pool ??= startPool(threads);
      const result: unknown = await pool.run(task, { signal });
      return result as PaintResult;
    },
    [Symbol.asyncDispose]: async () => {
      const ending = pool;
      pool = undefined;
      await ending?.destroy();
    },
  };
}

function startPool(threads: number): Tinypool {
  // In a clone this file and the worker end in .ts, in the published package in .js.
  const ending = extname(fileURLToPath(import.meta.url));
  return new Tinypool({
    filename: new URL(`./painter-worker${ending}`, import.meta.url).href,
    runtime: 'worker_threads',
    // The parent's flags (like --input-type of `node -e`) would not fit a worker's file.
    execArgv: [],
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    // The engine's slots bound how many requests wait here.
    maxQueue: Infinity,
  });
}
