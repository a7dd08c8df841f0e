/** Jobs as a whole: found by their order, taken by a worker, given up. */
import type { Selectable } from 'kysely';
import type { JobOrder, JobState } from '../../core/job.ts';
import { changed, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { NewJob, StoredJob } from '../job-store.ts';
import type { Fenced } from '../orders.ts';
import type { Tables } from '../tables.ts';
import { appendWorkspaceEvent } from './workspace-events.ts';

/** Makes the job, or finds the one with the same key. */
export async function putJob(context: StoreContext, job: NewJob): Promise<StoredJob> {
  const now = await context.dialect.now(context.database);
  await context.database
    .insertInto('jobs')
    .values({
      id: job.id,
      workspace: job.workspace,
      order_key: job.orderKey,
      job_order: JSON.stringify(job.order),
      state: 'running',
      listing: 0,
      report_file: null,
      worker_id: null,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['workspace', 'order_key']).doNothing())
    .execute();
  const row = await context.database
    .selectFrom('jobs')
    .selectAll()
    .where('workspace', '=', job.workspace)
    .where('order_key', '=', job.orderKey)
    .executeTakeFirstOrThrow();
  return toJob(row);
}

export async function findJob(
  context: StoreContext,
  jobId: string,
): Promise<StoredJob | undefined> {
  const row = await context.database
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', jobId)
    .executeTakeFirst();
  return row === undefined ? undefined : toJob(row);
}

export async function jobWithKey(
  context: StoreContext,
  workspace: string,
  orderKey: string,
): Promise<StoredJob | undefined> {
  const row = await context.database
    .selectFrom('jobs')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('order_key', '=', orderKey)
    .executeTakeFirst();
  return row === undefined ? undefined : toJob(row);
}

/** Newest first. */
export async function listJobs(context: StoreContext, workspace: string): Promise<StoredJob[]> {
  const rows = await context.database
    .selectFrom('jobs')
    .selectAll()
    .where('workspace', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toJob);
}

export async function claimJob(
  context: StoreContext,
  jobId: string,
  workerId: string,
  from: string | undefined,
): Promise<boolean> {
  const now = await context.dialect.now(context.database);
  const update = context.database
    .updateTable('jobs')
    .set({ worker_id: workerId, state: 'running', updated_at: now })
    .where('id', '=', jobId);
  const result = await (
    from === undefined
      ? update.where('worker_id', 'is', null)
      : update.where('worker_id', '=', from)
  ).executeTakeFirstOrThrow();
  return changed(result) === 1;
}

export async function releaseJob(
  context: StoreContext,
  jobId: string,
  workerId: string,
  state: JobState,
): Promise<Fenced> {
  return context.database.transaction().execute(async (trx): Promise<Fenced> => {
    const at = await context.dialect.now(trx);
    const job = await trx
      .updateTable('jobs')
      .set({ worker_id: null, state, updated_at: at })
      .where('id', '=', jobId)
      .where('worker_id', '=', workerId)
      .returning('workspace')
      .executeTakeFirst();
    if (job === undefined) return 'fenced';
    // Whoever was interrupted goes on later: that is no end.
    if (state !== 'done') return 'done';
    await appendWorkspaceEvent(trx, job.workspace, { at, type: 'job.ended', data: { job: jobId } });
    return 'done';
  });
}

export async function setJobReport(
  context: StoreContext,
  jobId: string,
  workerId: string,
  file: string,
): Promise<Fenced> {
  const result = await context.database
    .updateTable('jobs')
    .set({ report_file: file })
    .where('id', '=', jobId)
    .where('worker_id', '=', workerId)
    .executeTakeFirstOrThrow();
  return changed(result) === 1 ? 'done' : 'fenced';
}

/**
 * Runs `operation` in one transaction if the job is the worker's. The first statement changes the job's
 * row, so that it is locked in both engines while its pictures change.
 */
export async function asOwner<Result>(
  context: StoreContext,
  jobId: string,
  workerId: string,
  operation: (trx: Trx) => Promise<Result>,
): Promise<Result | 'fenced'> {
  return context.database.transaction().execute(async (trx) => {
    const now = await context.dialect.now(trx);
    const result = await trx
      .updateTable('jobs')
      .set({ updated_at: now })
      .where('id', '=', jobId)
      .where('worker_id', '=', workerId)
      .executeTakeFirstOrThrow();
    return changed(result) === 1 ? operation(trx) : 'fenced';
  });
}

function toJob(row: Selectable<Tables['jobs']>): StoredJob {
  return {
    id: row.id,
    workspace: row.workspace,
    order: JSON.parse(row.job_order) as JobOrder,
    state: row.state,
    ...(row.report_file !== null && { reportFile: row.report_file }),
    ...(row.worker_id !== null && { workerId: row.worker_id }),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}
