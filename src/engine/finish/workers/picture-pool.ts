import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { CredentialsReport } from '../../core/credentials.ts';
import type { FinishResult, Finisher } from '../../core/finisher.ts';
import type { PictureCheck } from '../../core/picture-check.ts';
import type { ImageInspector, Inspection } from '../check/image-inspector.ts';
import { createNativeGate, type NativeGate } from './native-gate.ts';
import type { PictureTask, PictureThread, ThreadData } from './picture-worker.ts';

/** Works on pictures in worker threads, so that the caller's event loop stays free. */
export interface PicturePool extends AsyncDisposable {
  readonly inspect: ImageInspector;
  readonly finish: Finisher['finish'];
  /** All that a file tells by itself; `trustAnchors`: PEM. Never rejects for bad bytes. */
  readonly check: (bytes: Uint8Array, trustAnchors?: string) => Promise<PictureCheck>;
  /** What content credentials say, and whether they hold; `trustAnchors`: PEM. */
  readonly verify: (bytes: Uint8Array, trustAnchors?: string) => Promise<CredentialsReport>;
  /** Whether a file is one that was signed before, as `fresh` is now. */
  readonly isSameSigned: (existing: Uint8Array, fresh: Uint8Array) => Promise<boolean>;
}

/** A worker that had nothing to do for so long is let go. */
const IDLE_MS = 10_000;

/**
 * A pool that starts with its first picture; idle workers do not keep the process alive. Each thread
 * holds one picture, so there are at most `threads` of them decoded. A key to sign with is given to the
 * threads once, and never leaves the process.
 */
export function createPicturePool(
  threads = availableParallelism(),
  thread: PictureThread = {},
): PicturePool {
  let pool: RunningPool | undefined;
  const run = async (task: PictureTask): Promise<unknown> => {
    pool ??= startPool(threads, thread);
    // A copy that is given away: a view would take the whole buffer behind it along.
    const bytes = new Uint8Array(task.bytes);
    return await pool.threads.run({ ...task, bytes }, { transferList: [bytes.buffer] });
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
    verify: async (bytes, trustAnchors) =>
      (await run({
        kind: 'verify',
        bytes,
        ...(trustAnchors !== undefined && { trustAnchors }),
      })) as CredentialsReport,
    isSameSigned: async (bytes, other) => (await run({ kind: 'compare', bytes, other })) as boolean,
    [Symbol.asyncDispose]: async () => {
      const ending = pool;
      pool = undefined;
      if (ending === undefined) return;
      ending.gate.close();
      process.removeListener('exit', ending.gate.close);
      await ending.threads.destroy();
    },
  };
}

interface RunningPool {
  readonly threads: Tinypool;
  readonly gate: NativeGate;
}

function startPool(threads: number, thread: PictureThread): RunningPool {
  const gate = createNativeGate();
  // Leaving the process ends the threads as well, wherever they are.
  process.on('exit', gate.close);
  return { gate, threads: startThreads(threads, { ...thread, nativeGate: gate.shared }) };
}

function startThreads(threads: number, data: ThreadData): Tinypool {
  // In a clone this file and the worker end in .ts, in the published package in .js.
  const ending = extname(fileURLToPath(import.meta.url));
  return new Tinypool({
    filename: new URL(`./picture-worker${ending}`, import.meta.url).href,
    runtime: 'worker_threads',
    // The parent's flags (like --input-type of `node -e`) would not fit a worker's file.
    execArgv: [],
    workerData: data,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    // The requests in flight bound how many pictures wait here.
    maxQueue: Infinity,
  });
}
