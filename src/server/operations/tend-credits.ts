/** What credits need from time to time, whoever of several processes does it first. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerDeps } from '../app-env.ts';

const EVERY_MS = 15_000;

export interface Tending {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Applies the ceilings of the configuration, then lets runs go on whose credits came, again and again. */
export function tendCredits(deps: ServerDeps): Tending {
  const stopping = new AbortController();
  const tending = keepTending(deps, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await tending;
    },
  };
}

async function keepTending(deps: ServerDeps, signal: AbortSignal): Promise<void> {
  await logged(deps, () => applyCeilings(deps));
  while (!signal.aborted) {
    await logged(deps, () => resumeRuns(deps));
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function applyCeilings({ engine, log }: ServerDeps): Promise<void> {
  const changed = await engine.service.ceilings.apply();
  if (changed > 0) log.info({ workspaces: changed }, 'ceilings follow the configuration');
}

async function resumeRuns({ engine }: ServerDeps): Promise<void> {
  for (const run of await engine.service.credits.tend()) engine.keeper.wake(run);
}

/** A store that fails for a while does not end the server. */
async function logged({ log }: ServerDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error }, 'credits could not be tended');
  }
}
