/** The real `imagemill worker` as a process of its own, gone when the test is over. */
import type { Ended, Imagemill } from './imagemill.ts';

export interface WorkerProcess {
  /** As which it is registered in the store. */
  readonly id: string;
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
  readonly stderr: () => string;
}

/** Resolves when it works; throws what it said when it ended instead. */
export async function startWorker(mill: Imagemill, ...words: string[]): Promise<WorkerProcess> {
  const { child, ended } = mill.start('worker', ...words);
  let [stdout, stderr] = ['', ''];
  const ready = Promise.withResolvers<void>();
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data.toString();
    // The last thing that it says of its start.
    if (stdout.includes('Ctrl-C stops it')) ready.resolve();
  });
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  void ended.then((found) => ready.reject(new Error(`ended: ${found.stdout}${found.stderr}`)));
  await ready.promise;
  return {
    id: /\((w\w+)\)/.exec(stdout)?.[1] ?? '',
    pid: child.pid!,
    signal: (name) => void child.kill(name),
    ended,
    stderr: () => stderr,
  };
}
