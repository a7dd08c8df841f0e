import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  audit,
  type Audit,
  type Behaviour,
  type BillEntry,
  type LoggedRequest,
} from '../simulators/index.ts';
import type { LatencyOptions } from './yardstick/prompt-latency.ts';

export interface SimulatedOpenai extends AsyncDisposable {
  /** As the official client wants it: ends in `/v1`. */
  readonly baseUrl: string;
  /** What an auditor says of every call so far. */
  readonly audit: (limit: { readonly windowMs: number; readonly max: number }) => Promise<Audit>;
  /** Every billed request so far. */
  readonly bill: () => Promise<readonly BillEntry[]>;
  /** Every call so far, in order of arrival. */
  readonly log: () => Promise<readonly LoggedRequest[]>;
}

/** What a simulator of a benchmark does besides. */
export interface SimulatedLooks {
  /** Each prompt has a time of its own, whenever and however often it is asked for. */
  readonly latency?: LatencyOptions;
  /** Its PNGs are as heavy as photographs; the seed of these. */
  readonly photographs?: number;
}

/** Starts a simulated OpenAI on the loopback, in a process of its own. */
export async function simulatedOpenai(
  behaviour: Behaviour & { readonly seed: number },
  looks: SimulatedLooks = {},
): Promise<SimulatedOpenai> {
  const words = [behaviour, looks].map((part) => JSON.stringify(part));
  const child = fork(join(import.meta.dirname, 'simulator-process.ts'), words, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [baseUrl] = (await once(child, 'message')) as [string];
  const ask = async <Answer>(what: 'bill' | 'log') => {
    const answer = await fetch(new URL(`/_simulator/${what}`, baseUrl));
    return ((await answer.json()) as { readonly entries: readonly Answer[] }).entries;
  };
  return {
    baseUrl,
    audit: async (limit) => audit({ entries: [...(await ask<LoggedRequest>('log'))] }, limit),
    bill: () => ask<BillEntry>('bill'),
    log: () => ask<LoggedRequest>('log'),
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
