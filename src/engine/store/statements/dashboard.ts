/** What the dashboard asks: from what is added up as requests end, and by indexes. */
import { sql } from 'kysely';
import type { LaneEnd, LaneLoad, LaneUse, NotDelivered, RunLaneUse } from '../../core/dashboard.ts';
import type { UsageSums } from '../../core/usage.ts';
import type { StoreContext } from '../context.ts';
import type { EndsQuestion, UseTime } from '../dashboard-store.ts';

/** Different words of failures, and kinds of refusals, that are told at most. */
const MOST_KINDS = 200;

const SUMS = [
  sql<number>`sum(delivered)`.as('delivered'),
  sql<number>`sum(refused)`.as('refused'),
  sql<number>`sum(failed)`.as('failed'),
  sql<number>`sum(credit_micros)`.as('credits'),
  sql<number>`sum(usd_micros)`.as('dollars'),
] as const;

function used({ database }: StoreContext, { workspace, from, to }: UseTime) {
  return database
    .selectFrom('usage_quarters')
    .where('workspace', '=', workspace)
    .where('at', '>=', from)
    .where('at', '<', to);
}

export async function usageOfLanes(context: StoreContext, time: UseTime): Promise<LaneUse[]> {
  const rows = await used(context, time)
    .select(['at', 'lane'])
    .select(SUMS)
    .groupBy(['at', 'lane'])
    .orderBy('at')
    .orderBy('lane')
    .execute();
  return rows.map(({ at, lane, ...sums }) => ({ at, lane, ...toSums(sums) }));
}

export async function usageOfRuns(
  context: StoreContext,
  time: UseTime,
  runIds: readonly string[],
): Promise<RunLaneUse[]> {
  // An empty list is no SQL in PostgreSQL.
  if (runIds.length === 0) return [];
  const rows = await used(context, time)
    .where('run_id', 'in', [...runIds])
    .select(['run_id as runId', 'lane'])
    .select(SUMS)
    .groupBy(['run_id', 'lane'])
    .orderBy('run_id')
    .orderBy('lane')
    .execute();
  return rows.map(({ runId, lane, ...sums }) => ({ runId, lane, ...toSums(sums) }));
}

export async function notDelivered(
  context: StoreContext,
  time: UseTime,
  mostRuns: number,
): Promise<NotDelivered[]> {
  const found = await used(context, time)
    .where(sql<boolean>`refused + failed > 0`)
    .select(['run_id', sql<number>`max(at)`.as('latest')])
    .groupBy('run_id')
    .orderBy('latest', 'desc')
    .limit(mostRuns)
    .execute();
  if (found.length === 0) return [];
  const rows = await context.database
    .selectFrom('items')
    .innerJoin('attempts', 'attempts.id', 'items.attempt_id')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .select([
      'requests.lane',
      'items.state',
      'items.refusal_category as category',
      sql<string | null>`case when items.state = 'failed' then items.reason end`.as('words'),
      (select) => select.fn.countAll<number>().as('count'),
    ])
    .where(
      'items.run_id',
      'in',
      found.map(({ run_id }) => run_id),
    )
    .where('items.dropped', '=', 0)
    .where('items.state', 'in', ['refused', 'failed'])
    .where('attempts.ended_at', '>=', time.from)
    .where('attempts.ended_at', '<', time.to)
    .groupBy(['requests.lane', 'items.state', 'items.refusal_category', sql`words`])
    .orderBy('count', 'desc')
    .limit(MOST_KINDS)
    .execute();
  return rows.map(({ lane, state, category, words, count }) => {
    const items = Number(count);
    return state === 'failed'
      ? { lane, state, reason: words ?? '', items }
      : { lane, state: 'refused', category: category ?? 'unspecified', items };
  });
}

export async function laneEnds(
  { database }: StoreContext,
  { workspace, account, since, most }: EndsQuestion,
): Promise<LaneEnd[]> {
  const ends = database
    .selectFrom('attempts')
    .select(['id', 'request_id', 'run_id', 'state', 'ended_at', 'made', 'reason', 'failure'])
    .where('account', '=', account)
    .where('ended_at', '>=', since)
    .orderBy('ended_at', 'desc')
    .limit(most);
  const rows = await database
    .selectFrom(ends.as('ends'))
    .innerJoin('runs', 'runs.id', 'ends.run_id')
    .innerJoin('requests', 'requests.id', 'ends.request_id')
    .select((select) => [
      'requests.lane',
      'ends.ended_at as at',
      'ends.made',
      'ends.failure',
      'ends.reason',
      select
        .selectFrom('items')
        .whereRef('items.request_id', '=', 'ends.request_id')
        .whereRef('items.attempt_id', '=', 'ends.id')
        .where('items.state', '=', 'failed')
        .select('items.reason')
        .limit(1)
        .as('itemReason'),
    ])
    .where('runs.workspace', '=', workspace)
    .orderBy('ends.ended_at', 'desc')
    .execute();
  return rows.map(({ lane, at, made, failure, reason, itemReason }) => {
    const words = reason ?? itemReason;
    return {
      lane,
      at: at!,
      made: made ?? 0,
      ...(failure !== null && { failure }),
      ...(words !== null && { words }),
    };
  });
}

export async function laneLoads(
  { database }: StoreContext,
  runIds: readonly string[],
): Promise<LaneLoad[]> {
  if (runIds.length === 0) return [];
  const rows = await database
    .selectFrom('requests')
    .select([
      'lane',
      sql<number>`sum(case when state = 'sent' then 1 else 0 end)`.as('sent'),
      sql<number>`sum(case when state = 'waiting' then 1 else 0 end)`.as('waiting'),
    ])
    .where('run_id', 'in', [...runIds])
    .where('state', 'in', ['sent', 'waiting'])
    .groupBy('lane')
    .orderBy('lane')
    .execute();
  return rows.map(({ lane, sent, waiting }) => ({
    lane,
    sent: Number(sent),
    waiting: Number(waiting),
  }));
}

export async function unknownRequests(
  { database }: StoreContext,
  workspace: string,
  most: number,
): Promise<{ runId: string; requests: number }[]> {
  const newest = database
    .selectFrom('runs')
    .select('id')
    .where('workspace', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most);
  const rows = await database
    .selectFrom(newest.as('newest'))
    .innerJoin('attempts', 'attempts.run_id', 'newest.id')
    .select(['newest.id as runId', (select) => select.fn.countAll<number>().as('requests')])
    .where('attempts.state', '=', 'unknown')
    .groupBy('newest.id')
    .orderBy('newest.id')
    .execute();
  return rows.map(({ runId, requests }) => ({ runId, requests: Number(requests) }));
}

function toSums(row: {
  readonly delivered: number;
  readonly refused: number;
  readonly failed: number;
  readonly credits: number;
  readonly dollars: number;
}): UsageSums {
  return {
    delivered: Number(row.delivered),
    refused: Number(row.refused),
    failed: Number(row.failed),
    postedCreditMicros: Number(row.credits),
    usdMicros: Number(row.dollars),
  };
}
