/** What the doors ask. Long answers come in pages, so that no question blocks the process for long. */
import { type LaneKind, parseLaneName } from '../../core/lane.ts';
import { type SqlBool, sql } from 'kysely';
import type { JournalEntry, RunEvent } from '../../core/events.ts';
import { type ItemCounts, type ItemState, noItems } from '../../core/outcome.ts';
import type { PlannedRow } from '../../core/plan.ts';
import type { SkippedRow } from '../../core/row.ts';
import type { StoreContext } from '../context.ts';
import type { Database } from '../dialect.ts';
import type { LedgerRow, PricedRequests } from '../store.ts';
import { lanesOf } from './lanes-of.ts';

const PAGE = 500;

export async function counts(context: StoreContext, runId: string): Promise<ItemCounts> {
  return countsOf(context.database, runId);
}

/** Inside a transaction as well. */
export async function countsOf(database: Database, runId: string): Promise<ItemCounts> {
  const rows = await database
    .selectFrom('items')
    .select(['state', (select) => select.fn.countAll<number>().as('items')])
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    .groupBy('state')
    .execute();
  const result = noItems();
  for (const row of rows) result[row.state] = Number(row.items);
  return result;
}

export async function countsByModel(
  context: StoreContext,
  runId: string,
): Promise<{ model: string; lane: LaneKind; state: ItemState; items: number }[]> {
  const [lane, ...others] = await lanesOf(context.database, runId);
  if (lane === undefined || others.length > 0) return countsOfLanes(context, runId);
  const { model, kind } = parseLaneName(lane);
  const counted = Object.entries(await countsOf(context.database, runId)) as [ItemState, number][];
  return counted
    .filter(([, items]) => items > 0)
    .map(([state, items]) => ({ model, lane: kind, state, items }));
}

async function countsOfLanes(
  context: StoreContext,
  runId: string,
): Promise<{ model: string; lane: LaneKind; state: ItemState; items: number }[]> {
  const rows = await context.database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .select(['requests.lane', 'items.state', (select) => select.fn.countAll<number>().as('items')])
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .groupBy(['requests.lane', 'items.state'])
    .orderBy('requests.lane')
    .execute();
  return rows.map((row) => {
    const { model, kind } = parseLaneName(row.lane);
    return { model, lane: kind, state: row.state, items: Number(row.items) };
  });
}

export async function pricedRequests(
  context: StoreContext,
  runId: string,
  which: 'proof' | 'waiting',
): Promise<PricedRequests> {
  const query = context.database.selectFrom('requests').where('run_id', '=', runId);
  const sums = await (
    which === 'proof'
      ? query.where('proof', '=', 1).where('generation', '=', 0)
      : query.where('state', '=', 'waiting')
  )
    .select([
      sql<number>`coalesce(sum(images), 0)`.as('items'),
      sql<number>`coalesce(sum(images * credit_micros_per_image), 0)`.as('credits'),
      sql<number>`coalesce(sum(expected_usd_micros), 0)`.as('expected'),
      sql<number>`coalesce(sum(worst_usd_micros), 0)`.as('worst'),
      sql<number>`coalesce(sum(case when worst_usd_micros is null then 1 else 0 end), 0)`.as(
        'unpriced',
      ),
    ])
    .executeTakeFirstOrThrow();
  const creditMicros = Number(sums.credits);
  const known = (usd: number) => (Number(sums.unpriced) > 0 ? undefined : Number(usd));
  return {
    items: Number(sums.items),
    expected: { creditMicros, usdMicros: known(sums.expected) },
    worst: { creditMicros, usdMicros: known(sums.worst) },
  };
}

export async function atRisk(
  context: StoreContext,
  runId: string,
): Promise<{ requests: number; creditMicros: number; usdMicros: number }> {
  const sums = await context.database
    .selectFrom('attempts')
    .select([
      (select) => select.fn.countAll<number>().as('requests'),
      sql<number>`coalesce(sum(held_credit_micros), 0)`.as('credits'),
      sql<number>`coalesce(sum(held_usd_micros), 0)`.as('dollars'),
    ])
    .where('run_id', '=', runId)
    .where('state', '=', 'unknown')
    .executeTakeFirstOrThrow();
  return {
    requests: Number(sums.requests),
    creditMicros: Number(sums.credits),
    usdMicros: Number(sums.dollars),
  };
}

export async function countRows(context: StoreContext, runId: string): Promise<number> {
  const { rows } = await context.database
    .selectFrom('rows')
    .innerJoin('runs', 'runs.id', 'rows.run_id')
    .select((select) => select.fn.countAll<number>().as('rows'))
    .where('rows.run_id', '=', runId)
    .whereRef('rows.revision', '=', 'runs.revision')
    .where('rows.canary', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(rows);
}

/** Images that were delivered as they were made, since the run's recipe could not be worked on them. */
export async function finishFailures(context: StoreContext, runId: string): Promise<number> {
  const { items } = await context.database
    .selectFrom('items')
    .select((select) => select.fn.countAll<number>().as('items'))
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    .where('finish_failure', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(items);
}

export async function waitingLanes(
  context: StoreContext,
  runId: string,
): Promise<{ lane: string; requests: number; notBefore: number }[]> {
  const rows = await context.database
    .selectFrom('requests')
    .select([
      'lane',
      (select) => select.fn.countAll<number>().as('requests'),
      (select) => select.fn.min('not_before').as('not_before'),
    ])
    .where('run_id', '=', runId)
    .where('state', '=', 'waiting')
    .groupBy('lane')
    .orderBy('lane')
    .execute();
  return rows.map((row) => ({
    lane: row.lane,
    requests: Number(row.requests),
    notBefore: Number(row.not_before),
  }));
}

/** Requests of the proof that have not ended. */
export async function proofOpen(context: StoreContext, runId: string): Promise<number> {
  const { requests } = await context.database
    .selectFrom('requests')
    .select((select) => select.fn.countAll<number>().as('requests'))
    .where('run_id', '=', runId)
    .where('proof', '=', 1)
    .where('state', 'in', ['waiting', 'sent'])
    .executeTakeFirstOrThrow();
  return Number(requests);
}

export async function* skippedRows(
  context: StoreContext,
  runId: string,
): AsyncGenerator<SkippedRow> {
  let after = 0;
  for (;;) {
    const page = await context.database
      .selectFrom('skipped_rows')
      .selectAll()
      .where('run_id', '=', runId)
      .where('number', '>', after)
      .orderBy('number')
      .limit(PAGE)
      .execute();
    for (const row of page) {
      yield {
        number: row.number,
        line: row.line,
        reason: row.reason,
        cells: JSON.parse(row.cells) as Record<string, string>,
      };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}

export async function* rowsForProof(
  context: StoreContext,
  runId: string,
): AsyncGenerator<PlannedRow> {
  let after = 0;
  for (;;) {
    const page = await context.database
      .selectFrom('rows')
      .select(['number', 'planned'])
      .where('run_id', '=', runId)
      .where('number', '>', after)
      .where('revision', '=', sql<number>`(select revision from runs where runs.id = ${runId})`)
      .orderBy('number')
      .limit(PAGE)
      .execute();
    for (const row of page) yield JSON.parse(row.planned) as PlannedRow;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}

export async function* ledger(context: StoreContext, runId: string): AsyncGenerator<LedgerRow> {
  let after: readonly [number, string, string, string] = [-1, '', '', ''];
  for (;;) {
    const page = await context.database
      .selectFrom('ledger')
      .selectAll()
      .where('run_id', '=', runId)
      .where(sql<SqlBool>`(at, attempt_id, kind, account) > (${sql.join(after)})`)
      .orderBy('at')
      .orderBy('attempt_id')
      .orderBy('kind')
      .orderBy('account')
      .limit(PAGE)
      .execute();
    for (const row of page) {
      yield {
        attemptId: row.attempt_id,
        kind: row.kind,
        account: row.account,
        at: row.at,
        creditMicros: row.credit_micros,
      };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = [last.at, last.attempt_id, last.kind, last.account];
  }
}

export async function* journal(
  context: StoreContext,
  runId: string,
  after = 0,
): AsyncGenerator<JournalEntry> {
  let last = after;
  for (;;) {
    const page = await context.database
      .selectFrom('events')
      .selectAll()
      .where('run_id', '=', runId)
      .where('sequence', '>', last)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    for (const row of page) {
      yield { sequence: row.sequence, at: row.at, event: JSON.parse(row.event) as RunEvent };
    }
    if (page.length < PAGE) return;
    last = page.at(-1)!.sequence;
  }
}
