import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { ImageInspector, Inspection } from './image-inspector.ts';

/** Looks at pictures in worker threads, so that the caller's event loop stays free. */
export interface InspectorPool extends AsyncDisposable {
  readonly inspect: ImageInspector;
}

/** A worker that had nothing to do for so long is let go. */
const IDLE_MS = 10_000;

/**
 * A pool that starts with its first picture; idle workers do not keep the process alive. Each thread
 * holds one decoded picture (3 bytes a pixel), so there are at most `threads` of them.
 */
export function createInspectorPool(threads = availableParallelism()): InspectorPool {
  let pool: Tinypool | undefined;
  return {
    inspect: async (bytes) => {
      pool ??= startPool(threads);
      // A copy that is given away: a view would take the whole buffer behind it along.
      const own = new Uint8Array(bytes);
      const result: unknown = await pool.run(own, { transferList: [own.buffer] });
      return result as Inspection;
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
    filename: new URL(`./inspector-worker${ending}`, import.meta.url).href,
    runtime: 'worker_threads',
    // The parent's flags (like --input-type of `node -e`) would not fit a worker's file.
    execArgv: [],
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    // The requests in flight bound how many pictures wait here.
    maxQueue: Infinity,
  });
}
