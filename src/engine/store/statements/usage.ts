/**
 * Use of a workspace, from what is added up as requests end (`count-use.ts`): it agrees with the ledger, and
 * reading it takes no longer when there are more images.
 */
import { sql } from 'kysely';
import { dayAt } from '../../core/calendar-day.ts';
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

function used({ database }: StoreContext, { workspace, from, to }: Question) {
  return database
    .selectFrom('usage_quarters as used')
    .where('used.workspace', '=', workspace)
    .where('used.at', '>=', from)
    .where('used.at', '<', to);
}

const SUMS = [
  sql<number>`coalesce(sum(used.delivered), 0)`.as('delivered'),
  sql<number>`coalesce(sum(used.refused), 0)`.as('refused'),
  sql<number>`coalesce(sum(used.failed), 0)`.as('failed'),
  sql<number>`coalesce(sum(used.credit_micros), 0)`.as('credits'),
  sql<number>`coalesce(sum(used.usd_micros), 0)`.as('dollars'),
] as const;

interface SumsRow {
  readonly delivered: number;
  readonly refused: number;
  readonly failed: number;
  readonly credits: number;
  readonly dollars: number;
}

function toSums(row: SumsRow): UsageSums {
  return {
    delivered: Number(row.delivered),
    refused: Number(row.refused),
    failed: Number(row.failed),
    postedCreditMicros: Number(row.credits),
    usdMicros: Number(row.dollars),
  };
}

/** By quarters of an hour, from which the days of any time zone can be made. */
async function byDay(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const rows = await used(context, question)
    .select('used.at')
    .select(SUMS)
    .groupBy('used.at')
    .orderBy('used.at')
    .execute();
  return reportOf(
    rows.map((row) => ({
      group: dayAt(row.at, question.timeZone),
      ...toSums(row),
    })),
  );
}

async function byModel(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const rows = await used(context, question)
    .select('used.lane')
    .select(SUMS)
    .groupBy('used.lane')
    .orderBy('used.lane')
    .execute();
  return reportOf(rows.map((row) => ({ group: parseLaneName(row.lane).model, ...toSums(row) })));
}

async function byKey(context: StoreContext, question: UsageQuestion): Promise<UsageReport> {
  const rows = await used(context, question)
    .innerJoin('runs', 'runs.id', 'used.run_id')
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
  let query = used(context, question)
    .innerJoin('runs', 'runs.id', 'used.run_id')
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
  const total = await used(context, question).select(SUMS).executeTakeFirstOrThrow();
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
