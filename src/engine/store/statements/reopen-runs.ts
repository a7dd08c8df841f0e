/**
 * Runs that stopped for want of credits go on when their cheapest request can be paid. It is asked of the
 * state of things, not of what led there: so a run that stopped just after the credits had come goes on too.
 */
import { sql, type SqlBool } from 'kysely';
import { appendEvent, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';

/** Runs dealt with in one transaction; further ones are found the next time. */
const MOST = 1_000;

export async function reopenRuns(context: StoreContext, workspace?: string): Promise<string[]> {
  return context.database.transaction().execute(async (trx) => {
    let stopped = stoppedRuns(trx).where(IS_PAYABLE);
    if (workspace !== undefined) stopped = stopped.where('runs.workspace', '=', workspace);
    const ids = await locked(context, stopped);
    return reopenLocked(trx, ids, await context.dialect.now(trx));
  });
}

/** Runs that a key's budget had stopped go on where it, and their own budget, reach again. */
export async function reopenRunsOfKey(context: StoreContext, keyId: string): Promise<string[]> {
  return context.database.transaction().execute(async (trx) => {
    const rows = await trx
      .updateTable('runs')
      .set({ state: 'planned', reason: null, reason_text: null })
      .where('key_id', '=', keyId)
      .where('origin', 'is not', null)
      .where('state', '=', 'stopped')
      .where('reason', '=', 'budget')
      .where('reading', '=', 0)
      .where(REACHES)
      .returning('id')
      .execute();
    const at = await context.dialect.now(trx);
    for (const { id } of rows) {
      await appendEvent(trx, id, at, { type: 'run-stopped', state: 'planned' });
    }
    return rows.map(({ id }) => id);
  });
}

/** Those of a workspace whose credits are about to change. */
export async function lockStoppedRuns(
  context: StoreContext,
  trx: Trx,
  workspace: string,
): Promise<string[]> {
  return locked(context, stoppedRuns(trx).where('runs.workspace', '=', workspace));
}

/** In the order of their ids, so that two who do the same cannot wait for each other. */
function stoppedRuns(trx: Trx) {
  return trx
    .selectFrom('runs')
    .select('runs.id')
    .where('runs.origin', 'is not', null)
    .where('runs.state', '=', 'stopped')
    .where('runs.reason', '=', 'credits')
    .where('runs.reading', '=', 0)
    .orderBy('runs.id')
    .limit(MOST);
}

async function locked(
  { dialect }: StoreContext,
  runs: ReturnType<typeof stoppedRuns>,
): Promise<string[]> {
  const rows = await (dialect.name === 'postgres' ? runs.forUpdate() : runs).execute();
  return rows.map(({ id }) => id);
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
    .where(IS_PAYABLE)
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

const IS_PAYABLE = sql<SqlBool>`exists (select 1 from workspaces
  where workspaces.id = runs.workspace and workspaces.state = 'active'
  and (workspaces.available_credit_micros is null
    or workspaces.available_credit_micros >= ${CHEAPEST}))`;

/** The budgets of the run and of its key, whichever it has. */
const REACHES = sql<SqlBool>`(runs.budget_credit_micros is null
    or runs.budget_credit_micros - runs.posted_credit_micros - runs.held_credit_micros >= ${CHEAPEST})
  and exists (select 1 from api_keys where api_keys.id = runs.key_id
    and (api_keys.budget_credit_micros is null
      or api_keys.budget_credit_micros - api_keys.posted_credit_micros
        - api_keys.held_credit_micros >= ${CHEAPEST}))`;
