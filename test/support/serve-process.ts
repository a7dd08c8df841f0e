/** The real `imagemill serve` as a process of its own, gone when the test is over. */
import { callServer, type CallOptions } from './live-server.ts';
import type { Imagemill } from './imagemill.ts';
import { type MillProcess, startMill } from './mill-process.ts';

export interface ServeProcess extends MillProcess {
  readonly url: string;
  /** The first key; empty on a home that had one before. */
  readonly key: string;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Response>;
}

/** Resolves when it listens; throws what it said when it ended instead. */
export async function startServe(mill: Imagemill, ...words: string[]): Promise<ServeProcess> {
  const started = await startMill(mill, 'serve', '--port', '0', ...words);
  const url = /serves at (\S+)/.exec(started.stdout())![1]!;
  const key = /one time: (\S+)/.exec(started.stdout())?.[1] ?? '';
  return {
    ...started,
    url,
    key,
    call: (method, path, options = {}) =>
      callServer(url, options.key ?? key, method, path, options),
  };
}

/** The lines of its log, as far as they are JSON. */
export function logLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
