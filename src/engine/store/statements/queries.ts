/** What the doors ask. Long answers come in pages, so that no question blocks the process for long. */
import { sql } from 'kysely';
import type { Obstacle } from '../../core/admission.ts';
import type { JournalEntry, RunEvent } from '../../core/events.ts';
import type { ItemRecord } from '../../core/item-record.ts';
import { type ItemCounts, type ItemState, noItems } from '../../core/outcome.ts';
import type { PlannedRow } from '../../core/plan.ts';
import type { ImageFormat } from '../../core/quality.ts';
import type { SkippedRow } from '../../core/row.ts';
import type { StoreContext } from '../context.ts';
import type { LedgerRow, PricedRequests } from '../store.ts';

const PAGE = 500;

export async function counts(context: StoreContext, runId: string): Promise<ItemCounts> {
  const rows = await context.database
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
): Promise<{ model: string; state: ItemState; items: number }[]> {
  const rows = await context.database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .select([
      'requests.lane as model',
      'items.state',
      (select) => select.fn.countAll<number>().as('items'),
    ])
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .groupBy(['requests.lane', 'items.state'])
    .orderBy('requests.lane')
    .execute();
  return rows.map((row) => ({ model: row.model, state: row.state, items: Number(row.items) }));
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
    .executeTakeFirstOrThrow();
  return Number(rows);
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

export interface RecordFilter {
  readonly proof?: boolean;
  readonly states?: readonly ItemState[];
  /** Only delivered items that have no file in the out folder yet. */
  readonly undelivered?: boolean;
}

export async function* records(
  context: StoreContext,
  runId: string,
  filter: RecordFilter = {},
): AsyncGenerator<ItemRecord> {
  // An empty list is no SQL in PostgreSQL.
  if (filter.states?.length === 0) return;
  const waits = await readWaits(context, runId);
  let after = { number: 0, index: 0, id: '' };
  for (;;) {
    let query = recordQuery(context)
      .where('items.run_id', '=', runId)
      .where('items.dropped', '=', 0)
      .where((where) =>
        where.or([
          where('items.row_number', '>', after.number),
          where.and([
            where('items.row_number', '=', after.number),
            where('items.image_index', '>', after.index),
          ]),
          // An image that was sent may outlive its row and share its place with a new one.
          where.and([
            where('items.row_number', '=', after.number),
            where('items.image_index', '=', after.index),
            where('items.id', '>', after.id),
          ]),
        ]),
      )
      .orderBy('items.row_number')
      .orderBy('items.image_index')
      .orderBy('items.id')
      .limit(PAGE);
    if (filter.proof !== undefined) query = query.where('rows.proof', '=', filter.proof ? 1 : 0);
    if (filter.states !== undefined) query = query.where('items.state', 'in', [...filter.states]);
    if (filter.undelivered === true) {
      query = query.where('items.state', '=', 'delivered').where('items.file', 'is', null);
    }
    const page = await query.execute();
    for (const row of page) yield toRecord(row, waits);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { number: last.row_number, index: last.image_index, id: last.id };
  }
}

export async function record(
  context: StoreContext,
  itemId: string,
): Promise<ItemRecord | undefined> {
  const row = await recordQuery(context).where('items.id', '=', itemId).executeTakeFirst();
  return row === undefined ? undefined : toRecord(row, {});
}

function recordQuery(context: StoreContext) {
  return context.database
    .selectFrom('items')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .leftJoin('attempts', 'attempts.id', 'items.attempt_id')
    .select([
      'items.id',
      'items.row_number',
      'items.image_index',
      'items.state',
      'items.reason',
      'items.hash',
      'items.width',
      'items.height',
      'items.bytes',
      'items.format',
      'items.file',
      'items.credit_micros',
      'items.usd_micros',
      'rows.planned',
      'rows.cells',
      'rows.images',
      'requests.lane',
      'requests.wait_reason',
      'requests.attempts',
      'attempts.number as attempt_number',
      'attempts.ref',
    ]);
}

type RecordRow = Awaited<ReturnType<ReturnType<typeof recordQuery>['execute']>>[number];

function toRecord(row: RecordRow, waits: Readonly<Record<string, Obstacle>>): ItemRecord {
  const planned = JSON.parse(row.planned) as PlannedRow;
  const reason = row.reason ?? (row.state === 'waiting' ? waitReason(row, waits) : undefined);
  const ref = row.ref === null ? undefined : row.ref;
  return {
    itemId: row.id,
    row: {
      number: row.row_number,
      line: planned.row.line,
      prompt: planned.row.prompt,
      ...(planned.row.name !== undefined && { name: planned.row.name }),
      cells: JSON.parse(row.cells) as Record<string, string>,
    },
    index: row.image_index,
    count: row.images,
    model: planned.model,
    vendor: planned.vendor,
    sentPrompt: planned.prompt,
    ...(planned.negativePrompt !== undefined && { negativePrompt: planned.negativePrompt }),
    size: planned.size,
    quality: planned.quality,
    ...(planned.seed !== undefined && { seed: planned.seed + row.image_index - 1 }),
    state: row.state,
    ...(reason !== undefined && { reason }),
    ...(row.hash !== null && {
      image: {
        hash: row.hash,
        width: row.width!,
        height: row.height!,
        bytes: row.bytes!,
        format: row.format as ImageFormat,
      },
    }),
    ...(row.file !== null && { file: row.file }),
    creditMicros: row.credit_micros,
    ...(row.usd_micros !== null && { usdMicros: row.usd_micros }),
    attempt: row.attempt_number ?? row.attempts,
    ...(ref !== undefined && { vendorRef: ref }),
  };
}

function waitReason(row: RecordRow, waits: Readonly<Record<string, Obstacle>>): string | undefined {
  return row.wait_reason ?? waits[row.lane]?.reason;
}

async function readWaits(
  context: StoreContext,
  runId: string,
): Promise<Readonly<Record<string, Obstacle>>> {
  const run = await context.database
    .selectFrom('runs')
    .select('waits')
    .where('id', '=', runId)
    .executeTakeFirst();
  return run === undefined || run.waits === null
    ? {}
    : (JSON.parse(run.waits) as Record<string, Obstacle>);
}

/** Remembers where an item's file is, relative to the out folder. */
export async function setFiles(
  context: StoreContext,
  files: readonly { readonly itemId: string; readonly file: string }[],
): Promise<void> {
  await context.database.transaction().execute(async (trx) => {
    for (const { itemId, file } of files) {
      await trx.updateTable('items').set({ file }).where('id', '=', itemId).execute();
    }
  });
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
  const rows = await context.database
    .selectFrom('ledger')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('at')
    .orderBy('attempt_id')
    .orderBy('kind')
    .orderBy('account')
    .execute();
  for (const row of rows) {
    yield {
      attemptId: row.attempt_id,
      kind: row.kind,
      account: row.account,
      at: row.at,
      creditMicros: row.credit_micros,
    };
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
