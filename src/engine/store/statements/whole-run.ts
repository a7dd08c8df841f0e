import type { StoreContext } from '../context.ts';
import { inOneTransaction } from '../one-transaction.ts';
import type { WholeRun } from '../stored-run.ts';
import { beginReading, endReading, putLines } from './lines.ts';
import { changeRun, createRun } from './runs.ts';

/** Makes a small run with all its rows. */
export async function putWholeRun(
  context: StoreContext,
  { run, lines, plan, columns }: WholeRun,
): Promise<void> {
  await inOneTransaction(context, async (within) => {
    await createRun(within, run);
    const revision = await beginReading(within, run.id);
    await putLines(within, run.id, revision, lines);
    await endReading(within, run.id, revision, { plan, columns, proofKeys: new Set() });
    await changeRun(within, run.id, { state: 'planned', phase: 'main' });
  });
}
