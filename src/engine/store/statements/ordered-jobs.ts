import { type Selectable, sql } from 'kysely';
import type { JobFile } from '../../core/job.ts';
import { changed, type StoreContext } from '../context.ts';
import type {
  JobFilePlace,
  NewOrderedJob,
  OrderedJob,
  OrderedJobChange,
  OrderedJobPlace,
  OrderedJobState,
} from '../ordered-job-store.ts';
import type { OrderedJobsTable } from '../service-tables.ts';
import { readJobFiles } from './job-files.ts';

const OPEN: readonly OrderedJobState[] = ['waiting', 'working'];

export async function orderJob(context: StoreContext, job: NewOrderedJob): Promise<void> {
  await context.database
    .insertInto('ordered_jobs')
    .values({
      id: job.id,
      workspace: job.workspace,
      key_id: job.keyId ?? null,
      kind: job.kind,
      run_id: job.runId ?? null,
      request: JSON.stringify(job.request),
      job_id: job.jobId,
      state: 'waiting',
      problem: null,
      outcome: null,
      created_at: await context.dialect.now(context.database),
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function findOrderedJob(
  context: StoreContext,
  workspace: string,
  id: string,
): Promise<OrderedJob | undefined> {
  const row = await context.database
    .selectFrom('ordered_jobs')
    .selectAll()
    .where('id', '=', id)
    .where('workspace', '=', workspace)
    .executeTakeFirst();
  return row === undefined ? undefined : toJob(row);
}

export async function listOrderedJobs(
  context: StoreContext,
  workspace: string,
  { limit, after, open }: OrderedJobPlace,
): Promise<OrderedJob[]> {
  let query = context.database
    .selectFrom('ordered_jobs')
    .selectAll()
    .where('workspace', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (open !== undefined) query = query.where('state', open ? 'in' : 'not in', [...OPEN]);
  if (after !== undefined) {
    const last = await findOrderedJob(context, workspace, after);
    if (last === undefined) return [];
    query = query.where((where) =>
      where.or([
        where('created_at', '<', last.createdAt),
        where.and([where('created_at', '=', last.createdAt), where('id', '<', last.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toJob);
}

export async function openOrderedJobs(context: StoreContext, most: number): Promise<OrderedJob[]> {
  const rows = await context.database
    .selectFrom('ordered_jobs')
    .selectAll()
    .where('state', 'in', [...OPEN])
    .orderBy('created_at')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(toJob);
}

export async function countOpenOrderedJobs(
  context: StoreContext,
  workspace: string,
): Promise<number> {
  const { jobs } = await context.database
    .selectFrom('ordered_jobs')
    .select(sql<number>`count(*)`.as('jobs'))
    .where('workspace', '=', workspace)
    .where('state', 'in', [...OPEN])
    .executeTakeFirstOrThrow();
  return Number(jobs);
}

export async function changeOrderedJob(
  context: StoreContext,
  id: string,
  { state, problem, outcome }: OrderedJobChange,
): Promise<boolean> {
  const now = await context.dialect.now(context.database);
  const result = await context.database
    .updateTable('ordered_jobs')
    .set({
      state,
      problem: problem ?? null,
      outcome: outcome === undefined ? null : JSON.stringify(outcome),
      ended_at: OPEN.includes(state) ? null : now,
    })
    .where('id', '=', id)
    .where('state', 'in', [...OPEN])
    .executeTakeFirstOrThrow();
  return changed(result) === 1;
}

export function pageOfJobFiles(
  context: StoreContext,
  jobId: string,
  { limit, after, states }: JobFilePlace,
): Promise<JobFile[]> {
  return readJobFiles(context, jobId, { after, most: limit, ...(states && { states }) });
}

function toJob(row: Selectable<OrderedJobsTable>): OrderedJob {
  return {
    id: row.id,
    workspace: row.workspace,
    ...(row.key_id !== null && { keyId: row.key_id }),
    kind: row.kind,
    ...(row.run_id !== null && { runId: row.run_id }),
    request: JSON.parse(row.request) as unknown,
    jobId: row.job_id,
    state: row.state,
    ...(row.problem !== null && { problem: row.problem }),
    ...(row.outcome !== null && { outcome: JSON.parse(row.outcome) as unknown }),
    createdAt: Number(row.created_at),
    ...(row.ended_at !== null && { endedAt: Number(row.ended_at) }),
  };
}
