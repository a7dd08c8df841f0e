/** A command that goes on until it is told to stop, as a process of its own, gone when the test is over. */
import type { Ended, Imagemill } from './imagemill.ts';

export interface MillProcess {
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
  /** What it has written until now. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Resolves when it has begun to work; throws what it said when it ended instead. */
export async function startMill(mill: Imagemill, ...words: string[]): Promise<MillProcess> {
  const { child, ended } = mill.start(...words);
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
    pid: child.pid!,
    signal: (name) => void child.kill(name),
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}
