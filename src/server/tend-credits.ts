/** What credits need from time to time, whoever of several processes does it first. */
import type { ServerDeps } from './app-env.ts';

const EVERY_MS = 15_000;

export interface Tending {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Applies the ceilings of the configuration, then lets runs go on whose credits came, again and again. */
export function tendCredits({ engine, log }: ServerDeps): Tending {
  const { ceilings, credits } = engine.service;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const round = async () => {
    for (const run of await credits.tend()) engine.keeper.wake(run);
  };
  const guarded = (work: () => Promise<void>) =>
    work().catch((err: unknown) => log.error({ err }, 'credits could not be tended'));
  const next = () => {
    if (isStopped) return;
    timer = setTimeout(() => (working = guarded(round).then(next)), EVERY_MS);
    timer.unref();
  };
  const begin = async () => {
    const changed = await ceilings.apply();
    if (changed > 0) log.info({ workspaces: changed }, 'ceilings follow the configuration');
    await round();
  };
  let working = guarded(begin).then(next);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
