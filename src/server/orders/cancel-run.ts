/** Cancels a run without keeping a request waiting for what vendors still have. */
import type { Logger } from 'pino';
import { UsageError } from '../../engine/core/errors.ts';
import { runCan } from '../../engine/core/run.ts';
import type { ServerDeps } from '../app-env.ts';
import { awaitRun } from './await-run.ts';

/**
 * Resolves when the run is cancelled, or after a second while it is being so. Its keeper ends what it
 * works on; a run that nobody works on is driven to its end here, in the background.
 */
export async function cancelRun(deps: ServerDeps, runId: string, log: Logger): Promise<void> {
  const { engine } = deps;
  const run = await engine.run(runId);
  // One that the keeper is about to take up would be worked on twice: it is asked when it has it.
  if (run !== undefined && runCan('pause', run.state) && !(await isWorkedOn(deps, runId))) {
    engine.keeper.wake(runId);
    await awaitRun(
      deps,
      runId,
      ({ state, workerId }) => workerId !== undefined || !runCan('pause', state),
    );
  }
  const ending = engine.cancel(runId).catch((error: unknown) => {
    // It has come to its end by itself meanwhile.
    if (!(error instanceof UsageError)) log.error({ err: error, run: runId }, 'cancelling broke');
  });
  await Promise.race([ending, awaitRun(deps, runId, ({ state }) => state === 'cancelled')]);
  await awaitRun(deps, runId, ({ state }) => !runCan('pause', state));
}

async function isWorkedOn({ engine }: ServerDeps, runId: string): Promise<boolean> {
  return (await engine.report(runId)).owner?.alive === true;
}
