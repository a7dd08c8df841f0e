import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerOptions } from './server-process.ts';

export interface StartedServer extends AsyncDisposable {
  readonly url: string;
  readonly secret: string;
  /** Memory of its process, as the operating system counts it. */
  readonly bytesHeld: () => Promise<number>;
}

/** Starts the service on the loopback, in a process of its own. */
export async function startServer(options: ServerOptions): Promise<StartedServer> {
  const child = fork(join(import.meta.dirname, 'server-process.ts'), [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [{ url, secret }] = (await once(child, 'message')) as [{ url: string; secret: string }];
  return {
    url,
    secret,
    bytesHeld: async () => {
      child.send('memory');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes;
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
