import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { audit, type Audit, type Behaviour, type RequestLog } from '../simulators/index.ts';

export interface SimulatedOpenai extends AsyncDisposable {
  /** As the official client wants it: ends in `/v1`. */
  readonly baseUrl: string;
  /** What an auditor says of every call so far. */
  readonly audit: (limit: { readonly windowMs: number; readonly max: number }) => Promise<Audit>;
}

/** Starts a simulated OpenAI on the loopback, in a process of its own. */
export async function simulatedOpenai(
  behaviour: Behaviour & { readonly seed: number },
): Promise<SimulatedOpenai> {
  const child = fork(
    join(import.meta.dirname, 'simulator-process.ts'),
    [JSON.stringify(behaviour)],
    { execArgv: ['--disable-warning=ExperimentalWarning'] },
  );
  const [baseUrl] = (await once(child, 'message')) as [string];
  return {
    baseUrl,
    audit: async (limit) => {
      const answer = await fetch(new URL('/_simulator/log', baseUrl));
      return audit((await answer.json()) as Pick<RequestLog, 'entries'>, limit);
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
