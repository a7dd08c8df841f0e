/** Workers that send requests of a run beside its owner, and what the owner hears of them. */
import { type Obstacle, OWN_TURNS } from '../../core/admission.ts';
import type { RunEvent } from '../../core/events.ts';
import { attemptId, itemId } from '../../core/ids.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { AttemptNews, RunHand, RunWithWork } from '../worker-store.ts';
import { lanesOf } from './lanes-of.ts';

/** Requests that wait on a lane before its owner wants hands there: fewer it sends by itself in no time. */
const WORTH_A_HAND = 16;
/** Running runs that are looked through for work. */
const MOST_RUNS = 50;
/** Events of a journal that are read at once. */
const EVENTS_AT_ONCE = 500;

export async function runsWithWork(
  { database, dialect }: StoreContext,
  workerId: string,
): Promise<RunWithWork[]> {
  const now = await dialect.now(database);
  const runs = await database
    .selectFrom('runs')
    .select(['id', 'workspace', 'worker_id', 'waits', 'phase'])
    .where('state', '=', 'running')
    .where('origin', 'is not', null)
    .where('asked', 'is', null)
    .where('worker_id', 'is not', null)
    .where('worker_id', '<>', workerId)
    .orderBy('created_at')
    .limit(MOST_RUNS)
    .execute();
  const found: RunWithWork[] = [];
  for (const { id, workspace, worker_id: owner, waits, phase } of runs) {
    const held = waits === null ? {} : (JSON.parse(waits) as Record<string, Obstacle>);
    const isFree = (lane: string) => held[lane] === undefined || held[lane].limit === OWN_TURNS;
    const free = (await lanesOf(database, id)).filter(isFree);
    const lanes: string[] = [];
    for (const lane of free) {
      if (await hasWork(database, { runId: id, lane, phase, now })) lanes.push(lane);
    }
    if (lanes.length > 0) found.push({ id, workspace, workerId: owner!, lanes });
  }
  return found;
}

async function hasWork(
  database: Database,
  { runId, lane, phase, now }: { runId: string; lane: string; phase: string; now: number },
): Promise<boolean> {
  const row = await database
    .selectFrom('requests')
    .select('id')
    .where('run_id', '=', runId)
    .where('lane', '=', lane)
    .where('state', '=', 'waiting')
    .where('not_before', '<=', now)
    .$if(phase === 'proof', (query) => query.where('proof', '=', 1))
    .orderBy('position')
    .offset(WORTH_A_HAND - 1)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
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

export async function handsOf(
  { database }: StoreContext,
  runId: string,
  except: string,
): Promise<RunHand[]> {
  // First what is sent: who sends has joined before, and is seen below unless he has left.
  const sending = await database
    .selectFrom('attempts')
    .select(['id', 'worker_id', 'bundle_id'])
    .where('run_id', '=', runId)
    .where('state', 'in', ['sent', 'accepted'])
    .where('worker_id', '<>', except)
    .execute();
  const joined = await database
    .selectFrom('run_hands')
    .select('worker_id')
    .where('run_id', '=', runId)
    .where('worker_id', '<>', except)
    .execute();
  const members = new Set(joined.map(({ worker_id: id }) => id));
  const sent = Map.groupBy(sending, ({ worker_id: id }) => id);
  return [...new Set([...members, ...sent.keys()])].map((workerId) => {
    const attempts = sent.get(workerId) ?? [];
    return {
      workerId,
      isJoined: members.has(workerId),
      attemptIds: attempts.filter((each) => each.bundle_id === null).map(({ id }) => id),
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
