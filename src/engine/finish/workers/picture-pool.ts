import { availableParallelism } from 'node:os';
import type { FinishResult, Finisher } from '../../core/finisher.ts';
import type { PictureCheck } from '../../core/picture-check.ts';
import type { ImageInspector, Inspection } from '../check/image-inspector.ts';
import type { PictureTask, PictureThread } from './picture-worker.ts';
import { startWorkerThreads, type WorkerThreads } from './worker-threads.ts';

/** Works on pictures in worker threads, so that the caller's event loop stays free. */
export interface PicturePool extends AsyncDisposable {
  readonly inspect: ImageInspector;
  readonly finish: Finisher['finish'];
  /** All that a file tells by itself; `trustAnchors`: PEM. Never rejects for bad bytes. */
  readonly check: (bytes: Uint8Array, trustAnchors?: string) => Promise<PictureCheck>;
  /** Whether a file is one that was signed before, as `fresh` is now. */
  readonly isSameSigned: (existing: Uint8Array, fresh: Uint8Array) => Promise<boolean>;
}

/**
 * A pool that starts with its first picture; idle workers do not keep the process alive. Each thread
 * holds one picture, so there are at most `threads` of them decoded. A key to sign with is given to the
 * threads once, and never leaves the process.
 */
export function createPicturePool(
  threads = availableParallelism(),
  thread: PictureThread = {},
): PicturePool {
  let pool: WorkerThreads | undefined;
  const run = async (task: PictureTask): Promise<unknown> => {
    pool ??= startWorkerThreads(new URL('./picture-worker', import.meta.url), threads, thread);
    // A copy that is given away: a view would take the whole buffer behind it along.
    const bytes = new Uint8Array(task.bytes);
    return await pool.run({ ...task, bytes }, [bytes.buffer]);
  };
  return {
    inspect: async (bytes) => (await run({ kind: 'inspect', bytes })) as Inspection,
    finish: async (bytes, order) => (await run({ kind: 'finish', bytes, order })) as FinishResult,
    check: async (bytes, trustAnchors) =>
      (await run({
        kind: 'check',
        bytes,
        ...(trustAnchors !== undefined && { trustAnchors }),
      })) as PictureCheck,
    isSameSigned: async (bytes, other) => (await run({ kind: 'compare', bytes, other })) as boolean,
    [Symbol.asyncDispose]: async () => {
      const ending = pool;
      pool = undefined;
      await ending?.end();
    },
  };
}
