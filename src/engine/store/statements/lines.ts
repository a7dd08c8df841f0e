/**
 * Reading a sheet into a run, chunk by chunk. Rows are known by their content: a row that is there
 * already keeps its items and their outcomes, whatever line it moved to; only new rows and new images
 * get requests. Rows that left the sheet are dropped unless something of them was sent.
 */
import { sql } from 'kysely';
import { itemId, requestId } from '../../core/ids.ts';
import { BATCH_SUFFIX, laneName } from '../../core/lane.ts';
import type { Plan, PlannedLine, PlannedRow } from '../../core/plan.ts';
import type { SkippedRow } from '../../core/row.ts';
import { appendEvent, changed, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { ReadingResult } from '../store.ts';
import type { Tables } from '../tables.ts';
import { keepSentModel } from './kept-row.ts';
import { narrowRequest } from './requests.ts';

/** Rows of one multi-row INSERT: both engines bound the parameters of a statement. */
const INSERT_ROWS = 400;

export async function beginReading(context: StoreContext, runId: string): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    const { revision } = await trx
      .updateTable('runs')
      .set({ revision: sql<number>`revision + 1`, reading: 1 })
      .where('id', '=', runId)
      .returning('revision')
      .executeTakeFirstOrThrow();
    await trx.deleteFrom('skipped_rows').where('run_id', '=', runId).execute();
    return revision;
  });
}

export async function putLines(
  context: StoreContext,
  runId: string,
  revision: number,
  lines: readonly PlannedLine[],
): Promise<void> {
  const rows = lines.flatMap((line) => (line.kind === 'row' ? [line.row] : []));
  const skipped = lines.flatMap((line) => (line.kind === 'skipped' ? [line.row] : []));
  await context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    await putSkipped(trx, runId, skipped);
    const kept = revision === 1 ? rows : await keepModels(trx, runId, rows);
    await putRows(trx, runId, revision, kept);
    await putItems(trx, runId, revision, kept);
  });
}

async function putSkipped(trx: Trx, runId: string, skipped: readonly SkippedRow[]): Promise<void> {
  for (const part of chunks(skipped, INSERT_ROWS)) {
    await trx
      .insertInto('skipped_rows')
      .values(
        part.map((row) => ({
          run_id: runId,
          number: row.number,
          line: row.line,
          reason: row.reason,
          cells: JSON.stringify(row.cells),
        })),
      )
      .execute();
  }
}

/** Rows that are there already stay with the model that they were given. */
async function keepModels(
  trx: Trx,
  runId: string,
  rows: readonly PlannedRow[],
): Promise<PlannedRow[]> {
  const result: PlannedRow[] = [];
  for (const part of chunks(rows, INSERT_ROWS)) {
    const found = await trx
      .selectFrom('rows')
      .select(['key', 'planned'])
      .where('run_id', '=', runId)
      .where('key', 'in', keysOf(part))
      .execute();
    const known = new Map(found.map(({ key, planned }) => [key, planned]));
    for (const row of part) {
      const before = known.get(row.key);
      result.push(
        before === undefined ? row : keepSentModel(JSON.parse(before) as PlannedRow, row),
      );
    }
  }
  return result;
}

async function putRows(
  trx: Trx,
  runId: string,
  revision: number,
  rows: readonly PlannedRow[],
): Promise<void> {
  for (const part of chunks(rows, INSERT_ROWS)) {
    await trx
      .insertInto('rows')
      .values(part.map((row) => toRow(runId, revision, row)))
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'key']).doUpdateSet((set) => ({
          number: set.ref('excluded.number'),
          revision: set.ref('excluded.revision'),
          batch: set.ref('excluded.batch'),
          proof: set.ref('excluded.proof'),
          images: set.ref('excluded.images'),
          canary: set.ref('excluded.canary'),
          planned: set.ref('excluded.planned'),
          cells: set.ref('excluded.cells'),
        })),
      )
      .execute();
  }
}

function toRow(runId: string, revision: number, planned: PlannedRow): Tables['rows'] {
  const { cells, ...row } = planned.row;
  return {
    run_id: runId,
    key: planned.key,
    number: row.number,
    revision,
    model: planned.model,
    batch: planned.batch,
    proof: planned.proof ? 1 : 0,
    images: planned.count,
    canary: planned.canary ?? null,
    planned: JSON.stringify({ ...planned, row: { ...row, cells: {} } }),
    cells: JSON.stringify(cells),
  };
}

async function putItems(
  trx: Trx,
  runId: string,
  revision: number,
  rows: readonly PlannedRow[],
): Promise<void> {
  const known =
    revision === 1 ? new Map<string, Set<number>>() : await knownIndexes(trx, runId, rows);
  const requests: Tables['requests'][] = [];
  const items: Tables['items'][] = [];
  for (const row of rows) {
    const have = known.get(row.key);
    for (const request of row.requests) {
      const all = Array.from({ length: request.count }, (_, place) => request.firstIndex + place);
      const indexes = have === undefined ? all : all.filter((index) => !have.has(index));
      if (indexes.length === 0) continue;
      const id = requestId(runId, row.key, indexes, 0);
      const part = (micros: number | undefined) =>
        micros === undefined ? null : Math.ceil((micros * indexes.length) / request.count);
      requests.push({
        id,
        run_id: runId,
        row_key: row.key,
        // A canary comes after the images of the row that it follows.
        position: row.row.number * 1000 + (row.canary ? 999 : Math.min(999, indexes[0]!)),
        lane: laneName(row.model, row.lane),
        proof: row.proof ? 1 : 0,
        indexes: JSON.stringify(indexes),
        images: indexes.length,
        generation: 0,
        state: 'waiting',
        attempts: 0,
        counted_attempts: 0,
        not_before: 0,
        wait_reason: null,
        credit_micros_per_image: request.creditMicrosPerImage,
        worst_usd_micros: part(request.worstUsdMicros),
        expected_usd_micros: part(request.expectedUsdMicros),
        ...PLAIN_REQUEST,
        ...(request.live && {
          live_credit_micros_per_image: request.live.creditMicrosPerImage,
          live_worst_usd_micros: part(request.live.worstUsdMicros),
          live_expected_usd_micros: part(request.live.expectedUsdMicros),
        }),
      });
      for (const index of indexes) items.push(newItem(runId, row, index, id));
    }
  }
  for (const part of chunks(requests, INSERT_ROWS)) {
    await trx.insertInto('requests').values(part).execute();
  }
  for (const part of chunks(items, INSERT_ROWS)) {
    await trx.insertInto('items').values(part).execute();
  }
}

const PLAIN_REQUEST = {
  amendment: null,
  suspect_group: null,
  live_credit_micros_per_image: null,
  live_worst_usd_micros: null,
  live_expected_usd_micros: null,
} as const;

const UNMEASURED = {
  refusal_stage: null,
  refusal_category: null,
  unmade: null,
  detail: null,
  fingerprint: null,
  signature: null,
  drift: null,
  streak: null,
  flags: null,
  reference_changes: null,
  finish_failure: null,
  finished_by: null,
  more_files: null,
  screening: null,
} as const;

function newItem(runId: string, row: PlannedRow, index: number, request: string): Tables['items'] {
  return {
    id: itemId(runId, row.key, index),
    run_id: runId,
    row_key: row.key,
    row_number: row.row.number,
    image_index: index,
    request_id: request,
    state: 'waiting',
    reason: null,
    hash: null,
    width: null,
    height: null,
    bytes: null,
    format: null,
    file: null,
    credit_micros: 0,
    usd_micros: null,
    attempt_id: null,
    dropped: 0,
    canary: row.canary ?? null,
    ...UNMEASURED,
  };
}

async function knownIndexes(
  trx: Trx,
  runId: string,
  rows: readonly PlannedRow[],
): Promise<Map<string, Set<number>>> {
  const known = new Map<string, Set<number>>();
  for (const part of chunks(rows, INSERT_ROWS)) {
    const found = await trx
      .selectFrom('items')
      .select(['row_key', 'image_index'])
      .where('run_id', '=', runId)
      .where('row_key', 'in', keysOf(part))
      .execute();
    for (const item of found) {
      const indexes = known.get(item.row_key) ?? new Set<number>();
      indexes.add(item.image_index);
      known.set(item.row_key, indexes);
    }
    await renumber(
      trx,
      runId,
      part.filter((row) => known.has(row.key)),
    );
  }
  return known;
}

function keysOf(rows: readonly PlannedRow[]): string[] {
  return rows.map((row) => row.key);
}

/** Items follow their row to its new place, and so does the order of what is still to be sent. */
async function renumber(trx: Trx, runId: string, rows: readonly PlannedRow[]): Promise<void> {
  for (const row of rows) {
    const moved = await trx
      .updateTable('items')
      .set({ row_number: row.row.number })
      .where('run_id', '=', runId)
      .where('row_key', '=', row.key)
      .where('row_number', '!=', row.row.number)
      .executeTakeFirstOrThrow();
    if (changed(moved) === 0) continue;
    await trx
      .updateTable('requests')
      .set({ position: sql<number>`${row.row.number * 1000} + position % 1000` })
      .where('id', 'in', (select) =>
        select
          .selectFrom('items')
          .select('request_id')
          .where('run_id', '=', runId)
          .where('row_key', '=', row.key),
      )
      .execute();
  }
}

export async function endReading(
  context: StoreContext,
  runId: string,
  revision: number,
  result: {
    readonly plan: Plan;
    readonly columns: readonly string[];
    readonly proofKeys: ReadonlySet<string>;
  },
): Promise<ReadingResult> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const now = await context.dialect.now(trx);
    const droppedItems = await dropOldRows(trx, runId, revision);
    await markProof(trx, runId, revision, result.proofKeys);
    await sampleLive(trx, runId);
    await trx
      .updateTable('runs')
      .set({
        reading: 0,
        plan: JSON.stringify(result.plan),
        columns: JSON.stringify(result.columns),
        updated_at: now,
      })
      .where('id', '=', runId)
      .execute();
    await appendEvent(trx, runId, now, {
      type: 'run-planned',
      items: result.plan.items,
      planHash: result.plan.hash,
    });
    const counted = await trx
      .selectFrom('items')
      .select(['state', (select) => select.fn.countAll<number>().as('items')])
      .where('run_id', '=', runId)
      .where('dropped', '=', 0)
      .groupBy('state')
      .execute();
    const of = (waiting: boolean) =>
      counted
        .filter((row) => (row.state === 'waiting') === waiting)
        .reduce((sum, row) => sum + Number(row.items), 0);
    return { newItems: of(true), keptItems: of(false), droppedItems };
  });
}

/**
 * Items whose row is no longer in the sheet (or asks for fewer images) are dropped, and come back with
 * it. What is unknown stays in view, since money hangs on it.
 */
async function dropOldRows(trx: Trx, runId: string, revision: number): Promise<number> {
  if (revision === 1) return 0;
  const wanted = sql<number>`(select count(*) from rows
    where rows.run_id = items.run_id and rows.key = items.row_key
      and rows.revision = ${revision} and rows.images >= items.image_index)`;
  await trx
    .updateTable('items')
    .set({ dropped: sql<number>`1 - ${wanted}` })
    .where('run_id', '=', runId)
    .where('state', 'not in', ['sent', 'unknown'])
    .execute();
  await reopenRequests(trx, runId);
  await closeRequests(trx, runId);
  const { items } = await trx
    .selectFrom('items')
    .select((select) => select.fn.countAll<number>().as('items'))
    .where('run_id', '=', runId)
    .where('dropped', '=', 1)
    .executeTakeFirstOrThrow();
  return Number(items);
}

/** Requests closed by an earlier drop wait again when one of their items is back. */
async function reopenRequests(trx: Trx, runId: string): Promise<void> {
  await trx
    .updateTable('requests')
    .set({ state: 'waiting' })
    .where('run_id', '=', runId)
    .where('state', '=', 'cancelled')
    .where('id', 'in', waitingItems(trx, runId, 0))
    .execute();
}

/** A waiting request with dropped items goes on with the others, or is closed when there are none. */
async function closeRequests(trx: Trx, runId: string): Promise<void> {
  const affected = await trx
    .selectFrom('requests')
    .select('id')
    .where('run_id', '=', runId)
    .where('state', '=', 'waiting')
    .where('id', 'in', waitingItems(trx, runId, 1))
    .execute();
  for (const { id } of affected) await narrowRequest(trx, id);
}

function waitingItems(trx: Trx, runId: string, dropped: 0 | 1) {
  return trx
    .selectFrom('items')
    .select('request_id')
    .where('run_id', '=', runId)
    .where('dropped', '=', dropped)
    .where('state', '=', 'waiting');
}

/** What was picked before and is not sent yet gives way to the new choice. */
async function markProof(
  trx: Trx,
  runId: string,
  revision: number,
  keys: ReadonlySet<string>,
): Promise<void> {
  if (revision > 1) {
    await trx
      .updateTable('requests')
      .set({
        proof: sql<number>`(select rows.proof from rows
          where rows.run_id = requests.run_id and rows.key = requests.row_key)`,
      })
      .where('run_id', '=', runId)
      .where('state', 'in', ['waiting', 'cancelled'])
      .execute();
  }
  for (const part of chunks([...keys], INSERT_ROWS)) {
    await trx
      .updateTable('rows')
      .set({ proof: 1 })
      .where('run_id', '=', runId)
      .where('key', 'in', part)
      .execute();
    await trx
      .updateTable('requests')
      .set({ proof: 1 })
      .where('run_id', '=', runId)
      .where('row_key', 'in', part)
      .execute();
  }
}

/** A sample is for looking at now: its rows leave the batch lane for the live one. */
async function sampleLive(trx: Trx, runId: string): Promise<void> {
  await trx
    .updateTable('requests')
    .set({
      lane: sql<string>`substr(lane, 1, length(lane) - ${BATCH_SUFFIX.length})`,
      credit_micros_per_image: sql<number>`live_credit_micros_per_image`,
      worst_usd_micros: sql<number>`live_worst_usd_micros`,
      expected_usd_micros: sql<number>`live_expected_usd_micros`,
      live_credit_micros_per_image: null,
      live_worst_usd_micros: null,
      live_expected_usd_micros: null,
    })
    .where('run_id', '=', runId)
    .where('proof', '=', 1)
    .where('state', '=', 'waiting')
    .where('live_credit_micros_per_image', 'is not', null)
    .where('lane', 'like', `%${BATCH_SUFFIX}`)
    .execute();
}

function chunks<Value>(values: readonly Value[], size: number): Value[][] {
  const result: Value[][] = [];
  for (let start = 0; start < values.length; start += size) {
    result.push(values.slice(start, start + size));
  }
  return result;
}
