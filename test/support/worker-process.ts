/** The real `imagemill worker` as a process of its own, gone when the test is over. */
import type { Imagemill } from './imagemill.ts';
import { type MillProcess, startMill } from './mill-process.ts';

export interface WorkerProcess extends MillProcess {
  /** As which it is registered in the store. */
  readonly id: string;
}

/** Resolves when it works; throws what it said when it ended instead. */
export async function startWorker(mill: Imagemill, ...words: string[]): Promise<WorkerProcess> {
  const started = await startMill(mill, 'worker', ...words);
  return { ...started, id: /\((w\w+)\)/.exec(started.stdout())?.[1] ?? '' };
}
