/** Groups of requests that a vendor refused together: at least one of the waiting ones is an offender. */
import type { SuspectEnd } from '../../core/bundle.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { AdmitOrder } from '../store.ts';

/** Groups with a member under way. */
export async function readBusyGroups(
  trx: Trx,
  { runId, lane }: AdmitOrder,
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('requests')
    .select('suspect_group')
    .distinct()
    .where('run_id', '=', runId)
    .where('lane', '=', lane)
    .where('state', '=', 'sent')
    .where('suspect_group', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.suspect_group!));
}

/** What the end of these requests says of those that were suspected with them. */
export async function endSuspicion(
  context: StoreContext,
  trx: Trx,
  requestIds: readonly string[],
  end: SuspectEnd,
): Promise<void> {
  if (context.decisions.staySuspected(end)) return;
  const groups = await trx
    .selectFrom('requests')
    .select(['suspect_group', 'run_id'])
    .distinct()
    .where('id', 'in', [...requestIds])
    .where('suspect_group', 'is not', null)
    .execute();
  for (const { suspect_group: group, run_id: runId } of groups) {
    await trx
      .updateTable('requests')
      .set({ suspect_group: null })
      .where('run_id', '=', runId)
      .where('suspect_group', '=', group)
      .execute();
  }
}
