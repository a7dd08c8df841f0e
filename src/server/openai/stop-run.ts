import { UsageError } from '../../engine/core/errors.ts';
import type { Engine } from '../../engine/engine-types.ts';

/** Cancels a run; one that has ended, or was asked already, is left as it is. */
export async function stopRun(engine: Engine, runId: string): Promise<void> {
  const run = await engine.run(runId);
  if (run === undefined || run.state === 'done' || run.state === 'cancelled') return;
  if (run.asked === 'cancel') return;
  await engine.cancel(runId).catch((error: unknown) => {
    // It ended, or somebody else cancelled it, since it was looked at.
    if (!(error instanceof UsageError)) throw error;
  });
}
