import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MillOptions } from './mill-config.ts';
import type { WorkerUse } from './worker-process.ts';

export interface StartedWorker extends AsyncDisposable {
  readonly id: string;
  readonly use: () => Promise<WorkerUse>;
}

/** Resolves when the worker is registered; throws when it ends instead. */
export async function startWorker(options: MillOptions): Promise<StartedWorker> {
  const child = fork(join(import.meta.dirname, 'worker-process.ts'), [JSON.stringify(options)], {
    // As the launcher starts the command line.
    execArgv: ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' },
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`A worker ended with ${String(code)}.`);
  });
  gone.catch(() => {});
  const answer = async <Value>(): Promise<Value> => {
    const [value] = (await Promise.race([once(child, 'message'), gone])) as [Value];
    return value;
  };
  const id = await answer<string>();
  return {
    id,
    use: () => {
      child.send('use');
      return answer<WorkerUse>();
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await ended;
    },
  };
}
