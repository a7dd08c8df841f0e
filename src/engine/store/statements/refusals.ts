/** How many images were refused: of a run, of a vendor's account, and of which kind. */
import { sql } from 'kysely';
import { QUARTER_HOUR_MS } from '../../core/calendar-day.ts';
import type { RefusalKind, RefusalScope } from '../../core/refusal.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';

/**
 * Images of requests that have their outcomes, and how many of them were refused. Counted by sendings:
 * what was refused and is asked for again elsewhere stays counted.
 */
export async function refusalTally(
  context: StoreContext,
  scope: RefusalScope,
): Promise<{ outcomes: number; refused: number }> {
  if ('runId' in scope) return outcomesOfRun(context.database, scope.runId);
  const sums = await context.database
    .selectFrom('attempts')
    .innerJoin('requests', 'requests.id', 'attempts.request_id')
    .select([
      sql<number>`coalesce(sum(requests.images), 0)`.as('outcomes'),
      sql<number>`coalesce(sum(attempts.refused), 0)`.as('refused'),
    ])
    .where('attempts.state', '=', 'settled')
    .where('attempts.account', '=', scope.account)
    .where('attempts.ended_at', '>', scope.since)
    .executeTakeFirstOrThrow();
  return { outcomes: Number(sums.outcomes), refused: Number(sums.refused) };
}

/**
 * From what is added up as requests end: counting a million of them takes seconds, and a bundle asks each
 * time. In a transaction as well.
 */
export async function outcomesOfRun(
  database: Database,
  runId: string,
  lane?: string,
): Promise<{ outcomes: number; refused: number }> {
  const { rows } = await sql<{ outcomes: number; refused: number }>`
    select coalesce(sum(delivered + refused + failed), 0) as outcomes, coalesce(sum(refused), 0) as refused
    from usage_quarters
    where workspace = (select workspace from runs where id = ${runId})
      and at >= (select created_at from runs where id = ${runId}) - ${QUARTER_HOUR_MS}
      and run_id = ${runId} ${lane === undefined ? sql`` : sql`and lane = ${lane}`}`.execute(
    database,
  );
  return { outcomes: Number(rows[0]!.outcomes), refused: Number(rows[0]!.refused) };
}

/** Numbers of the rows that a vendor refused, in sheet order. */
export async function refusedRows(context: StoreContext, runId: string): Promise<number[]> {
  const rows = await context.database
    .selectFrom('attempts')
    .innerJoin('requests', 'requests.id', 'attempts.request_id')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'requests.run_id').onRef('rows.key', '=', 'requests.row_key'),
    )
    .select('rows.number')
    .distinct()
    .where('attempts.run_id', '=', runId)
    .where('attempts.refused', '>', 0)
    .orderBy('rows.number')
    .execute();
  return rows.map((row) => row.number);
}

/** Items that are refused now, by what the vendors said of it; the most first. */
export async function refusalKinds(context: StoreContext, runId: string): Promise<RefusalKind[]> {
  const rows = await context.database
    .selectFrom('items')
    .select([
      'refusal_category',
      'refusal_stage',
      (select) => select.fn.countAll<number>().as('items'),
    ])
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    .where('state', '=', 'refused')
    .groupBy(['refusal_category', 'refusal_stage'])
    .execute();
  return rows
    .map((row) => ({
      category: row.refusal_category ?? ('unspecified' as const),
      ...(row.refusal_stage !== null && { stage: row.refusal_stage }),
      items: Number(row.items),
    }))
    .toSorted((one, other) => other.items - one.items || (one.category < other.category ? -1 : 1));
}
