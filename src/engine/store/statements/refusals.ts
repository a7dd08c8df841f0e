/** How many images were refused: of a run, of a vendor's account, and of which kind. */
import { sql } from 'kysely';
import type { RefusalKind, RefusalScope } from '../../core/refusal.ts';
import type { StoreContext } from '../context.ts';

/**
 * Images of requests that have their outcomes, and how many of them were refused. Counted by sendings:
 * what was refused and is asked for again elsewhere stays counted.
 */
export async function refusalTally(
  context: StoreContext,
  scope: RefusalScope,
): Promise<{ outcomes: number; refused: number }> {
  const query = context.database
    .selectFrom('attempts')
    .innerJoin('requests', 'requests.id', 'attempts.request_id')
    .select([
      sql<number>`coalesce(sum(requests.images), 0)`.as('outcomes'),
      sql<number>`coalesce(sum(attempts.refused), 0)`.as('refused'),
    ])
    .where('attempts.state', '=', 'settled');
  const sums = await (
    'runId' in scope
      ? query.where('attempts.run_id', '=', scope.runId)
      : query
          .where('attempts.account', '=', scope.account)
          .where('attempts.ended_at', '>', scope.since)
  ).executeTakeFirstOrThrow();
  return { outcomes: Number(sums.outcomes), refused: Number(sums.refused) };
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
