import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a process used for one job. */
export interface Used {
  readonly wallSeconds: number;
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** The most memory that it ever held, as the operating system counts it. */
  readonly peakMegabytes: number;
}

export interface Measured<Output> extends Used {
  readonly output: Output;
}

/** What `child.ts` sends back. */
export type Reply<Output> =
  | ({ readonly kind: 'done' } & Measured<Output>)
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Runs `jobs/NAME.ts` in a process of its own, so that its peak memory is its own, and says what it
 * used. `input` and the output travel as JSON.
 */
export async function inChild<Output>(name: string, input: object): Promise<Measured<Output>> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [name, JSON.stringify(input)], {
    // As the launcher starts the command line.
    execArgv: ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'],
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`The job ${name} ended with ${String(code)} before it was done.`);
  });
  const [reply] = (await Promise.race([once(child, 'message'), gone])) as [Reply<Output>];
  gone.catch(() => {});
  child.kill();
  if (reply.kind === 'failed') throw new Error(`The job ${name} failed: ${reply.reason}`);
  return reply;
}
