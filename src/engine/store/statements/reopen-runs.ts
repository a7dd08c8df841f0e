/**
 * Runs that stopped for want of credits go on when their cheapest request can be paid. It is asked of the
 * state of things, not of what led there: so a run that stopped just after the credits had come goes on too.
 */
import { sql } from 'kysely';
import { appendEvent, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';

/** Runs looked at in one transaction. */
const MOST = 1_000;

export async function reopenRuns(context: StoreContext, workspace?: string): Promise<string[]> {
  return context.database.transaction().execute(async (trx) => {
    const ids = await lockStoppedRuns(context, trx, workspace);
    return reopenLocked(trx, ids, await context.dialect.now(trx));
  });
}

/** In the order of their ids, so that two who do the same cannot wait for each other. */
export async function lockStoppedRuns(
  context: StoreContext,
  trx: Trx,
  workspace: string | undefined,
): Promise<string[]> {
  let query = trx
    .selectFrom('runs')
    .select('id')
    .where('origin', 'is not', null)
    .where('state', '=', 'stopped')
    .where('reason', '=', 'credits')
    .where('reading', '=', 0)
    .orderBy('id')
    .limit(MOST);
  if (workspace !== undefined) query = query.where('workspace', '=', workspace);
  if (context.dialect.name === 'postgres') query = query.forUpdate();
  return (await query.execute()).map(({ id }) => id);
}

/** Answers those that go on. */
export async function reopenLocked(
  trx: Trx,
  ids: readonly string[],
  at: number,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .updateTable('runs')
    .set({ state: 'planned', reason: null, reason_text: null, updated_at: at })
    .where('id', 'in', [...ids])
    .where('state', '=', 'stopped')
    .where(sql<boolean>`exists (select 1 from workspaces where workspaces.id = runs.workspace
      and workspaces.state = 'active' and (workspaces.available_credit_micros is null
        or workspaces.available_credit_micros >= ${CHEAPEST}))`)
    .returning('id')
    .execute();
  for (const { id } of rows) {
    await appendEvent(trx, id, at, { type: 'run-stopped', state: 'planned' });
  }
  return rows.map(({ id }) => id);
}

/** Of what may be sent now: while a proof is made, only the proof. */
const CHEAPEST = sql<number>`coalesce((select min(requests.images * requests.credit_micros_per_image)
  from requests where requests.run_id = runs.id and requests.state = 'waiting'
  and (runs.phase <> 'proof' or requests.proof = 1)), 0)`;
