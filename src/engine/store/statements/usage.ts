/**
 * Use of a workspace, added up from the lines by which its ledger says what was spent: each request that
 * ended has one. So credits are those of the ledger to the micro, whatever became of the items since.
 */
import { type Expression, sql } from 'kysely';
import { dayAt, QUARTER_HOUR_MS } from '../../core/calendar-day.ts';
import { parseLaneName } from '../../core/lane.ts';
import {
  addUsage,
  NO_USAGE,
  type UsageGroup,
  type UsageQuestion,
  type UsageReport,
  type UsageSums,
} from '../../core/usage.ts';
import type { StoreContext } from '../context.ts';

export async function usage(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  switch (question.by) {
    case 'day':
      return byDay(context, question);
    case 'model':
      return byModel(context, question);
    case 'key':
      return byKey(context, question);
    case 'run':
      return byRun(context, question);
  }
}

type Question = Pick<UsageQuestion, 'workspace' | 'from' | 'to'>;

function spent({ database }: StoreContext, { workspace, from, to }: Question) {
  return (
    database
      .selectFrom('ledger')
      .innerJoin('attempts', 'attempts.id', 'ledger.attempt_id')
      .innerJoin('requests', 'requests.id', 'attempts.request_id')
      .where('ledger.workspace', '=', workspace)
      // Written out: the index is of these lines only.
      .where(sql<boolean>`ledger.account = 'spent'`)
      .where('ledger.at', '>=', from)
      .where('ledger.at', '<', to)
  );
}

/** Of settled requests every image has its outcome: what is neither delivered nor refused has failed. */
const DELIVERED = sql`case when attempts.state = 'settled' then (select count(*) from items
  where items.request_id = attempts.request_id and items.attempt_id = attempts.id
  and items.state = 'delivered') else 0 end`;
const SETTLED_IMAGES = sql`case when attempts.state = 'settled' then requests.images else 0 end`;

const SUMS = [
  sum(DELIVERED).as('delivered'),
  sum(sql`coalesce(attempts.refused, 0)`).as('refused'),
  sum(SETTLED_IMAGES).as('settled'),
  sum(sql`ledger.credit_micros`).as('credits'),
  sum(sql`coalesce(attempts.usd_micros, 0)`).as('dollars'),
] as const;

function sum(amount: Expression<unknown>) {
  return sql<number>`coalesce(sum(${amount}), 0)`;
}

interface SumsRow {
  readonly delivered: number;
  readonly refused: number;
  readonly settled: number;
  readonly credits: number;
  readonly dollars: number;
}

function toSums(row: SumsRow): UsageSums {
  const [delivered, refused] = [Number(row.delivered), Number(row.refused)];
  return {
    delivered,
    refused,
    failed: Number(row.settled) - delivered - refused,
    postedCreditMicros: Number(row.credits),
    usdMicros: Number(row.dollars),
  };
}

/** By quarters of an hour, from which the days of any time zone can be made. */
async function byDay(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const quarter = sql<number>`ledger.at / ${sql.lit(QUARTER_HOUR_MS)}`;
  const rows = await spent(context, question)
    .select(quarter.as('quarter'))
    .select(SUMS)
    .groupBy(quarter)
    .orderBy(quarter)
    .execute();
  return reportOf(
    rows.map((row) => ({
      group: dayAt(Number(row.quarter) * QUARTER_HOUR_MS, question.timeZone),
      ...toSums(row),
    })),
  );
}

async function byModel(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const rows = await spent(context, question)
    .select('requests.lane')
    .select(SUMS)
    .groupBy('requests.lane')
    .orderBy('requests.lane')
    .execute();
  return reportOf(rows.map((row) => ({ group: parseLaneName(row.lane).model, ...toSums(row) })));
}

async function byKey(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const rows = await spent(context, question)
    .innerJoin('runs', 'runs.id', 'ledger.run_id')
    .leftJoin('api_keys', 'api_keys.id', 'runs.key_id')
    .select(['runs.key_id as key', 'api_keys.name'])
    .select(SUMS)
    .groupBy(['runs.key_id', 'api_keys.name'])
    .orderBy('runs.key_id')
    .execute();
  return reportOf(
    rows.map((row) => ({
      ...(row.key !== null && { group: row.key }),
      ...(row.name !== null && { name: row.name }),
      ...toSums(row),
    })),
  );
}

/** Newest first, a page of them; the total is that of all. */
async function byRun(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const { most, after } = question;
  let query = spent(context, question)
    .innerJoin('runs', 'runs.id', 'ledger.run_id')
    .select(['runs.id as run', 'runs.title'])
    .select(SUMS)
    .groupBy(['runs.created_at', 'runs.id', 'runs.title'])
    .orderBy('runs.created_at', 'desc')
    .orderBy('runs.id', 'desc')
    .limit(most + 1);
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(runs.created_at, runs.id) < (select last.created_at, last.id from runs as last
        where last.id = ${after} and last.workspace = ${question.workspace})`,
    );
  }
  const rows = await query.execute();
  const total = await spent(context, question).select(SUMS).executeTakeFirstOrThrow();
  const groups = rows.slice(0, most).map(({ run, title, ...row }) => ({
    group: run,
    name: title,
    ...toSums(row),
  }));
  const next = rows.length > most ? groups.at(-1)?.group : undefined;
  return { groups, total: toSums(total), ...(next !== undefined && { next }) };
}

function reportOf(rows: readonly UsageGroup[]): UsageReport {
  const groups = [...Map.groupBy(rows, ({ group }) => group).values()].map((same) => ({
    ...same[0]!,
    ...sumsOf(same),
  }));
  return { groups, total: sumsOf(rows) };
}

function sumsOf(rows: readonly UsageSums[]): UsageSums {
  return rows.reduce<UsageSums>(addUsage, NO_USAGE);
}
