import type { RunState } from '../../core/run.ts';
import type { StoreContext } from '../context.ts';
import { inOneTransaction } from '../one-transaction.ts';
import { changeRun, claimRun } from './runs.ts';

/** Takes a run for a worker and starts it, with one flush. */
export async function beginRun(
  context: StoreContext,
  runId: string,
  workerId: string,
  from: string | undefined,
  state?: RunState,
): Promise<boolean> {
  return inOneTransaction(context, async (within) => {
    if (!(await claimRun(within, runId, workerId, from, state))) return false;
    await changeRun(within, runId, { state: 'running', workerId });
    return true;
  });
}
