/** The real `imagemill serve` as a process of its own, gone when the test is over. */
import { callServer, type CallOptions } from './live-server.ts';
import type { Ended, Imagemill } from './imagemill.ts';

export interface ServeProcess {
  readonly url: string;
  /** The first key; empty on a home that had one before. */
  readonly key: string;
  readonly pid: number;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Response>;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
  /** What it has written until now. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Resolves when it listens; throws what it said when it ended instead. */
export async function startServe(mill: Imagemill, ...words: string[]): Promise<ServeProcess> {
  const { child, ended } = mill.start('serve', '--port', '0', ...words);
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
  const url = /serves at (\S+)/.exec(stdout)![1]!;
  const key = /one time: (\S+)/.exec(stdout)?.[1] ?? '';
  return {
    url,
    key,
    pid: child.pid!,
    call: (method, path, options = {}) =>
      callServer(url, options.key ?? key, method, path, options),
    signal: (name) => void child.kill(name),
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}

/** The lines of its log, as far as they are JSON. */
export function logLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
