/** A short wait for a run to come to something, so that the answer tells it already. */
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredRun } from '../../engine/engine-types.ts';
import type { ServerDeps } from '../app-env.ts';

const LONGEST_MS = 1_000;
const LOOK_AGAIN_MS = 10;

/** Resolves when it has come to that, or after a second: tells whether it has. */
export async function awaitRun(
  { engine, now }: ServerDeps,
  runId: string,
  isThere: (run: StoredRun) => boolean,
): Promise<boolean> {
  const until = now() + LONGEST_MS;
  for (;;) {
    const run = await engine.run(runId);
    if (run === undefined || isThere(run)) return run !== undefined;
    if (now() >= until) return false;
    await delay(LOOK_AGAIN_MS);
  }
}
