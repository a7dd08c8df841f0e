import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { createNativeGate } from './native-gate.ts';

/** A worker that had nothing to do for so long is let go, and its memory with it. */
const IDLE_MS = 10_000;

export interface WorkerThreads {
  /** The answer of a thread to a task; what is in `transferList` is given away. */
  readonly run: (task: unknown, transferList: ArrayBuffer[]) => Promise<unknown>;
  /** Ends them all, wherever they are; what is not answered by then rejects. */
  readonly end: () => Promise<void>;
}

/** What each thread finds in `Tinypool.workerData`. */
export interface SharedWithThreads {
  /** To be handed to `useNativeGate` before anything else. */
  readonly nativeGate: SharedArrayBuffer;
}

/**
 * Threads that start with their first task; idle ones do not keep the process alive. `file`: the worker's
 * name without its ending; `data`: what each of them has from its start; `tasksAThread`: more than one where
 * tasks mostly wait for what libraries do in threads of their own.
 */
export function startWorkerThreads(
  file: URL,
  most: number,
  data: object = {},
  tasksAThread = 1,
): WorkerThreads {
  const gate = createNativeGate();
  // In a clone this file and the workers end in .ts, in the published package in .js.
  const ending = extname(fileURLToPath(import.meta.url));
  const shared: SharedWithThreads = { nativeGate: gate.shared };
  const pool = new Tinypool({
    filename: `${file.href}${ending}`,
    runtime: 'worker_threads',
    // The parent's flags (like --input-type of `node -e`) would not fit a worker's file.
    execArgv: [],
    workerData: { ...data, ...shared },
    minThreads: 0,
    maxThreads: most,
    concurrentTasksPerWorker: tasksAThread,
    idleTimeout: IDLE_MS,
    // Whoever asks bounds how many tasks wait here.
    maxQueue: Infinity,
  });
  // Leaving the process ends the threads as well.
  process.on('exit', gate.close);
  return {
    run: async (task, transferList) => (await pool.run(task, { transferList })) as unknown,
    end: async () => {
      process.removeListener('exit', gate.close);
      gate.close();
      await pool.destroy();
    },
  };
}
