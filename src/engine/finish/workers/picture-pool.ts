import { availableParallelism } from 'node:os';
import type { FinishResult, Finisher } from '../../core/finisher.ts';
import type { PictureCheck } from '../../core/picture-check.ts';
import type { Inspection } from '../check/image-inspector.ts';
import { finishUnchanged } from '../finish-unchanged.ts';
import type { PictureTask, PictureThread } from './picture-worker.ts';
import { startWorkerThreads, type WorkerThreads } from './worker-threads.ts';

/** Works on pictures in worker threads, so that the caller's event loop stays free. */
export interface PicturePool extends AsyncDisposable {
  /** With a side given, also its thumbnail. Never rejects for bad bytes. */
  readonly inspect: (bytes: Uint8Array, thumbnailSide?: number) => Promise<Inspection>;
  readonly finish: Finisher['finish'];
  /** All that a file tells by itself; `trustAnchors`: PEM. Never rejects for bad bytes. */
  readonly check: (bytes: Uint8Array, trustAnchors?: string) => Promise<PictureCheck>;
  /** Whether a file is one that was signed before, as `fresh` is now. */
  readonly isSameSigned: (existing: Uint8Array, fresh: Uint8Array) => Promise<boolean>;
}

/** Of looking at a picture about a quarter is done in its thread, the rest by the decoder in others. */
const LOOKED_AT_A_THREAD = 4;

/**
 * A pool that starts with its first picture; idle workers do not keep the process alive. Each thread
 * holds `picturesAThread`, so that no more are decoded at a time than these of all `threads`. A key to sign
 * with is given to the threads once, and never leaves the process.
 */
export function createPicturePool(
  threads = availableParallelism(),
  thread: PictureThread = {},
  picturesAThread = 1,
): PicturePool {
  let pool: WorkerThreads | undefined;
  const file = new URL('./picture-worker', import.meta.url);
  const run = async (task: PictureTask): Promise<unknown> => {
    pool ??= startWorkerThreads(file, threads, thread, picturesAThread);
    // A copy that is given away: a view would take the whole buffer behind it along.
    const bytes = new Uint8Array(task.bytes);
    return await pool.run({ ...task, bytes }, [bytes.buffer]);
  };
  return {
    inspect: async (bytes, thumbnailSide) =>
      (await run({
        kind: 'inspect',
        bytes,
        ...(thumbnailSide !== undefined && { thumbnailSide }),
      })) as Inspection,
    finish: async (bytes, order) => {
      const unchanged = thread.signing ? undefined : await finishUnchanged(bytes, order);
      return unchanged ?? ((await run({ kind: 'finish', bytes, order })) as FinishResult);
    },
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

/** A pool for looking only: as many pictures at a time as there are cores, in a few threads. */
export function createInspectors(): PicturePool {
  const pictures = availableParallelism();
  const threads = Math.ceil(pictures / LOOKED_AT_A_THREAD);
  return createPicturePool(threads, {}, Math.ceil(pictures / threads));
}
