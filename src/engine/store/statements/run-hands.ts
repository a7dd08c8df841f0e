/** Workers that send requests of a run beside its owner, and what the owner hears of them. */
import { sql } from 'kysely';
import { type Obstacle, OWN_TURNS } from '../../core/admission.ts';
import type { RunEvent } from '../../core/events.ts';
import { attemptId, itemId } from '../../core/ids.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { AttemptNews, RunHand, RunWithWork } from '../worker-store.ts';

/** Requests that wait on a lane before its owner wants hands there: fewer it sends by itself in no time. */
const WORTH_A_HAND = 16;
/** Running runs that are looked through for work. */
const MOST_RUNS = 50;
const WORKER_COLUMNS = [
  'workers.id',
  'workers.host',
  'workers.pid',
  'workers.incarnation',
  'workers.lease_until',
] as const;
/** Events of a journal that are read at once. */
const EVENTS_AT_ONCE = 500;

/** One question, however many runs there are: it is asked by every worker, again and again. */
export async function runsWithWork(
  { database, dialect }: StoreContext,
  workerId: string,
): Promise<RunWithWork[]> {
  const now = await dialect.now(database);
  const { rows } = await sql<LaneWithWork>`
    with recursive open_runs(id, workspace, worker_id, waits, phase, created_at) as (
      select id, workspace, worker_id, waits, phase, created_at from runs
      where state = 'running' and origin is not null and asked is null
        and worker_id is not null and worker_id <> ${workerId}
      order by created_at limit ${sql.lit(MOST_RUNS)}
    ),
    lanes(run_id, lane) as (
      select id, (select min(lane) from requests where run_id = open_runs.id) from open_runs
      union all
      select run_id, (select min(requests.lane) from requests
        where requests.run_id = lanes.run_id and requests.lane > lanes.lane)
      from lanes where lanes.lane is not null
    )
    select open_runs.id, workspace, worker_id as owner, waits, lane
    from open_runs join lanes on lanes.run_id = open_runs.id
    where lane is not null and exists (
      select 1 from requests
      where requests.run_id = open_runs.id and requests.lane = lanes.lane
        and requests.state = 'waiting' and requests.not_before <= ${now}
        and (open_runs.phase <> 'proof' or requests.proof = 1)
      order by position limit 1 offset ${sql.lit(WORTH_A_HAND - 1)}
    )
    order by open_runs.created_at, open_runs.id, lane`.execute(database);
  const free = rows.filter(isFree);
  return [...Map.groupBy(free, ({ id }) => id).values()].map((lanes) => {
    const [{ id, workspace, owner }] = lanes as [LaneWithWork];
    return { id, workspace, workerId: owner, lanes: lanes.map(({ lane }) => lane) };
  });
}

interface LaneWithWork {
  readonly id: string;
  readonly workspace: string;
  readonly owner: string;
  readonly waits: string | null;
  readonly lane: string;
}

/** What waits for nothing, or only for its owner's turns. */
function isFree({ waits, lane }: LaneWithWork): boolean {
  if (waits === null) return true;
  const held = (JSON.parse(waits) as Record<string, Obstacle>)[lane];
  return held === undefined || held.limit === OWN_TURNS;
}

export async function joinRun(
  context: StoreContext,
  runId: string,
  workerId: string,
): Promise<boolean> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const run = await trx
      .selectFrom('runs')
      .select('id')
      .where('id', '=', runId)
      .where('state', '=', 'running')
      .where('asked', 'is', null)
      .executeTakeFirst();
    if (run === undefined) return false;
    await trx
      .insertInto('run_hands')
      .values({ run_id: runId, worker_id: workerId, joined_at: await context.dialect.now(trx) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return true;
  });
}

export async function leaveRun(
  { database }: StoreContext,
  runId: string,
  workerId: string,
): Promise<void> {
  await database
    .deleteFrom('run_hands')
    .where('run_id', '=', runId)
    .where('worker_id', '=', workerId)
    .execute();
}

/** In one statement: who sends has joined before, unless he has left. */
export async function handsOf(
  { database }: StoreContext,
  runId: string,
  except: string,
): Promise<RunHand[]> {
  const joined = database
    .selectFrom('run_hands')
    .select([
      'worker_id as hand',
      sql<string | null>`null`.as('attempt'),
      sql<number>`1`.as('joined'),
    ])
    .where('run_id', '=', runId)
    .where('worker_id', '<>', except);
  const rows = await database
    .selectFrom(
      database
        .selectFrom('attempts')
        .select([
          'worker_id as hand',
          // Those of bundles go on without anybody.
          sql<string | null>`case when bundle_id is null then id end`.as('attempt'),
          sql<number>`0`.as('joined'),
        ])
        .where('run_id', '=', runId)
        .where('state', 'in', ['sent', 'accepted'])
        .where('worker_id', '<>', except)
        .unionAll(joined)
        .as('hands'),
    )
    .leftJoin('workers', (join) =>
      join.onRef('workers.id', '=', 'hands.hand').on('workers.ended_at', 'is', null),
    )
    .select(['hand', 'attempt', 'joined', ...WORKER_COLUMNS])
    .orderBy('joined', 'desc')
    .execute();
  return [...Map.groupBy(rows, ({ hand }) => hand)].map(([workerId, [first, ...others]]) => {
    const { id, host, pid, incarnation, lease_until: leaseUntil } = first!;
    const attempts = [first!, ...others].flatMap(({ attempt }) => attempt ?? []);
    return {
      workerId,
      ...(id !== null && {
        worker: { id, host: host!, pid: pid!, incarnation: incarnation!, leaseUntil: leaseUntil! },
      }),
      isJoined: first!.joined === 1,
      attemptIds: attempts,
    };
  });
}

export async function lastEvent({ database }: StoreContext, runId: string): Promise<number> {
  const row = await database
    .selectFrom('runs')
    .select('events')
    .where('id', '=', runId)
    .executeTakeFirst();
  return row?.events ?? 0;
}

export async function newsElsewhere(
  { database }: StoreContext,
  runId: string,
  workerId: string,
  after: number,
): Promise<{ news: AttemptNews[]; last: number; hasMore: boolean }> {
  const rows = await database
    .selectFrom('events')
    .select(['sequence', 'event'])
    .where('run_id', '=', runId)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(EVENTS_AT_ONCE)
    .execute();
  const told = rows.flatMap(({ event }) => newsOf(JSON.parse(event) as RunEvent));
  const attempts = await attemptsElsewhere(
    database,
    workerId,
    told.map(({ id }) => id),
  );
  const news = told.flatMap(({ id, ...each }): AttemptNews[] => {
    const attempt = attempts.get(id);
    if (attempt === undefined) return [];
    const { lane, row_key: rowKey, indexes } = attempt;
    const itemIds = (JSON.parse(indexes) as number[]).map((index) => itemId(runId, rowKey, index));
    return [{ ...each, attemptId: id, lane, itemIds }];
  });
  return {
    news,
    last: rows.at(-1)?.sequence ?? after,
    hasMore: rows.length === EVENTS_AT_ONCE,
  };
}

function newsOf(
  event: RunEvent,
): readonly ({ readonly id: string } & Pick<AttemptNews, 'what' | 'outcomes'>)[] {
  switch (event.type) {
    case 'attempt-sent':
      return [{ id: attemptId(event.request, event.attempt), what: 'sent' }];
    case 'attempt-returned':
      return [{ id: attemptId(event.request, event.attempt), what: 'returned' }];
    case 'attempt-unknown':
      return [{ id: attemptId(event.request, event.attempt), what: 'unknown' }];
    case 'attempt-settled': {
      const { delivered, refused, failed } = event;
      const outcomes = { delivered, refused, failed };
      return [{ id: attemptId(event.request, event.attempt), what: 'settled', outcomes }];
    }
    default:
      return [];
  }
}

async function attemptsElsewhere(database: Database, workerId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await database
    .selectFrom('attempts')
    .innerJoin('requests', 'requests.id', 'attempts.request_id')
    .select(['attempts.id', 'requests.lane', 'requests.row_key', 'requests.indexes'])
    .where('attempts.id', 'in', [...new Set(ids)])
    .where('attempts.worker_id', '<>', workerId)
    .where('attempts.bundle_id', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
