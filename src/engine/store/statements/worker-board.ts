import { sql } from 'kysely';
import type { ByWorkerKind } from '../../core/worker-board.ts';
import type { RunState } from '../../core/run.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { OrderedJobState } from '../ordered-job-store.ts';
import type { OwnedRun } from '../worker-board-store.ts';

const RUNS_TO_DO: readonly RunState[] = ['planned', 'running'];
const JOBS_TO_DO: readonly OrderedJobState[] = ['waiting', 'working'];

export async function ownedRuns({ database }: StoreContext, most: number): Promise<OwnedRun[]> {
  const rows = await database
    .selectFrom('runs')
    .select(['id', 'worker_id'])
    .where('state', '=', 'running')
    .where('worker_id', 'is not', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ id, worker_id: workerId }) => ({ runId: id, workerId: workerId! }));
}

export async function untakenWork(
  { database, dialect }: StoreContext,
  workspace?: string,
): Promise<ByWorkerKind> {
  const now = await dialect.now(database);
  return {
    runs: await untakenRuns(database, now, workspace),
    finishing: workspace === undefined ? await untakenPictures(database) : 0,
    jobs: await untakenJobs(database, now, workspace),
  };
}

/** Those that `runsToKeep` gives to whoever takes runs. */
async function untakenRuns(database: Database, now: number, workspace?: string): Promise<number> {
  const { count } = await database
    .selectFrom('runs')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .$if(workspace !== undefined, (query) => query.where('workspace', '=', workspace!))
    .where('origin', 'is not', null)
    .where('reading', '=', 0)
    .where('plan', 'is not', null)
    .where((where) =>
      where.or([
        where('state', 'in', [...RUNS_TO_DO]),
        where.and([where('state', '=', 'stopped'), where('reason', '=', 'interrupted')]),
      ]),
    )
    .where((where) => where.not(where.exists(livingWorkers(database, now, 'runs.worker_id'))))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function untakenJobs(database: Database, now: number, workspace?: string): Promise<number> {
  const { count } = await database
    .selectFrom('ordered_jobs')
    .leftJoin('jobs', 'jobs.id', 'ordered_jobs.job_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .$if(workspace !== undefined, (query) => query.where('ordered_jobs.workspace', '=', workspace!))
    .where('ordered_jobs.state', 'in', [...JOBS_TO_DO])
    .where((where) => where.not(where.exists(livingWorkers(database, now, 'jobs.worker_id'))))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function untakenPictures(database: Database): Promise<number> {
  const { count } = await database
    .selectFrom('finishing_tasks')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('taken_by', 'is', null)
    .where('result', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function countHands(
  { database, dialect }: StoreContext,
  runId: string,
): Promise<number> {
  const now = await dialect.now(database);
  const { count } = await database
    .selectFrom('run_hands')
    .innerJoin('workers', 'workers.id', 'run_hands.worker_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('run_hands.run_id', '=', runId)
    .where('workers.ended_at', 'is', null)
    .where('workers.lease_until', '>', now)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The worker of a row, if its lease has not ended. */
function livingWorkers(
  database: Database,
  now: number,
  worker: 'runs.worker_id' | 'jobs.worker_id',
) {
  return database
    .selectFrom('workers')
    .select('workers.id')
    .where('workers.id', '=', sql.ref<string>(worker))
    .where('workers.ended_at', 'is', null)
    .where('workers.lease_until', '>', now);
}
