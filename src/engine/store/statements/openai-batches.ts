import { type Selectable, sql } from 'kysely';
import { changed, type StoreContext } from '../context.ts';
import {
  type BatchProblem,
  type ListPage,
  type NewOpenaiBatch,
  OPEN_BATCH_STATES,
  type OpenaiBatch,
  type OpenaiBatchChange,
  type OpenaiBatchState,
  type RowOutcomes,
} from '../file-store.ts';
import type { OpenaiBatchesTable } from '../service-tables.ts';

export async function createOpenaiBatch(
  context: StoreContext,
  batch: NewOpenaiBatch,
): Promise<void> {
  await context.database
    .insertInto('openai_batches')
    .values({
      id: batch.id,
      workspace: batch.workspace,
      key_id: batch.keyId ?? null,
      run_id: batch.runId,
      input_file: batch.inputFile,
      endpoint: batch.endpoint,
      completion_window: batch.completionWindow,
      expires_at: batch.expiresAt,
      output_seconds: batch.outputSeconds ?? null,
      metadata: batch.metadata === undefined ? null : JSON.stringify(batch.metadata),
      state: 'validating',
      problems: null,
      output_file: null,
      error_file: null,
      counts: null,
      created_at: await context.dialect.now(context.database),
      started_at: null,
      finalizing_at: null,
      cancelled_at: null,
      ended_at: null,
      lease_owner: null,
      lease_until: 0,
    })
    .execute();
}

export async function findOpenaiBatch(
  context: StoreContext,
  id: string,
  workspace?: string,
): Promise<OpenaiBatch | undefined> {
  let query = context.database.selectFrom('openai_batches').selectAll().where('id', '=', id);
  if (workspace !== undefined) query = query.where('workspace', '=', workspace);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : toBatch(row);
}

export async function listOpenaiBatches(
  context: StoreContext,
  workspace: string,
  { after, most }: ListPage,
): Promise<OpenaiBatch[]> {
  let query = context.database
    .selectFrom('openai_batches')
    .selectAll()
    .where('workspace', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most);
  if (after !== undefined) {
    const last = await findOpenaiBatch(context, after, workspace);
    if (last === undefined) return [];
    query = query.where((where) =>
      where.or([
        where('created_at', '<', last.createdAt),
        where.and([where('created_at', '=', last.createdAt), where('id', '<', last.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toBatch);
}

export async function openOpenaiBatches(context: StoreContext, most: number): Promise<string[]> {
  const rows = await context.database
    .selectFrom('openai_batches')
    .select('id')
    .where('state', 'in', [...OPEN_BATCH_STATES])
    .where('lease_until', '<=', await context.dialect.now(context.database))
    .orderBy('created_at')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

export async function claimOpenaiBatch(
  context: StoreContext,
  id: string,
  owner: string,
  leaseMs: number,
): Promise<boolean> {
  const now = await context.dialect.now(context.database);
  const result = await context.database
    .updateTable('openai_batches')
    .set({ lease_owner: owner, lease_until: now + leaseMs })
    .where('id', '=', id)
    .where((where) => where.or([where('lease_owner', '=', owner), where('lease_until', '<=', now)]))
    .executeTakeFirst();
  return changed(result) === 1;
}

export async function releaseOpenaiBatch(
  context: StoreContext,
  id: string,
  owner: string,
): Promise<void> {
  await context.database
    .updateTable('openai_batches')
    .set({ lease_owner: null, lease_until: 0 })
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .execute();
}

export async function changeOpenaiBatch(
  context: StoreContext,
  id: string,
  from: readonly OpenaiBatchState[],
  { state, problems, outputFile, errorFile, counts }: OpenaiBatchChange,
): Promise<boolean> {
  const now = await context.dialect.now(context.database);
  const result = await context.database
    .updateTable('openai_batches')
    .set({
      state,
      ...(problems !== undefined && { problems: JSON.stringify(problems) }),
      ...(outputFile !== undefined && { output_file: outputFile }),
      ...(errorFile !== undefined && { error_file: errorFile }),
      ...(counts !== undefined && { counts: JSON.stringify(counts) }),
      ...timeOf(state, now),
    })
    .where('id', '=', id)
    .where('state', 'in', [...from])
    .executeTakeFirst();
  return changed(result) === 1;
}

function timeOf(state: OpenaiBatchState, now: number) {
  switch (state) {
    case 'validating':
      return {};
    case 'in_progress':
      return { started_at: now };
    case 'finalizing':
      return { finalizing_at: now };
    case 'cancelling':
      return { cancelled_at: now };
    default:
      return { ended_at: now };
  }
}

/** Two groupings in one question: images by row, then rows by what became of their images. */
export async function rowOutcomes(context: StoreContext, runId: string): Promise<RowOutcomes> {
  const perRow = context.database
    .selectFrom('items')
    .select([
      sql<number>`sum(case when state in ('waiting', 'sent') then 1 else 0 end)`.as('open'),
      sql<number>`sum(case when state = 'delivered' then 1 else 0 end)`.as('delivered'),
    ])
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    .where('canary', 'is', null)
    .groupBy('row_number');
  const row = await context.database
    .selectFrom(perRow.as('per_row'))
    .select([
      sql<number>`count(*)`.as('total'),
      sql<number>`coalesce(sum(case when open = 0 and delivered > 0 then 1 else 0 end), 0)`.as(
        'completed',
      ),
      sql<number>`coalesce(sum(case when open = 0 and delivered = 0 then 1 else 0 end), 0)`.as(
        'failed',
      ),
    ])
    .executeTakeFirstOrThrow();
  return {
    total: Number(row.total),
    completed: Number(row.completed),
    failed: Number(row.failed),
  };
}

function toBatch(row: Selectable<OpenaiBatchesTable>): OpenaiBatch {
  return {
    id: row.id,
    workspace: row.workspace,
    ...(row.key_id !== null && { keyId: row.key_id }),
    runId: row.run_id,
    inputFile: row.input_file,
    endpoint: row.endpoint,
    completionWindow: row.completion_window,
    expiresAt: row.expires_at,
    ...(row.output_seconds !== null && { outputSeconds: row.output_seconds }),
    ...(row.metadata !== null && {
      metadata: JSON.parse(row.metadata) as Record<string, string>,
    }),
    state: row.state as OpenaiBatchState,
    problems: row.problems === null ? [] : (JSON.parse(row.problems) as BatchProblem[]),
    ...(row.output_file !== null && { outputFile: row.output_file }),
    ...(row.error_file !== null && { errorFile: row.error_file }),
    ...(row.counts !== null && { counts: JSON.parse(row.counts) as RowOutcomes }),
    createdAt: row.created_at,
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.finalizing_at !== null && { finalizingAt: row.finalizing_at }),
    ...(row.cancelled_at !== null && { cancelledAt: row.cancelled_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}
