/**
 * A run of any number of images that has been made, written into a database directly: the first rows as
 * the engine writes them, the others copied from them by statements that both engines understand.
 */
import { sql } from 'kysely';
import { digest } from '../../src/engine/core/ids.ts';
import type { PlannedLine } from '../../src/engine/core/plan.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import type { Database } from '../../src/engine/store/dialect.ts';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import type { OpenDatabase } from '../../src/engine/store/sqlite.ts';
import { DECISIONS } from '../../test/support/decisions.ts';
import { plannedRow, planOf } from '../../test/support/store-run.ts';

/** Rows that the engine itself writes; so many are copied at a time. */
const PATTERN_ROWS = 1_000;
const QUARTER_MS = 15 * 60_000;

export interface FillOrder {
  readonly runId: string;
  readonly workspace: string;
  readonly out: string;
  /** One image a row; a multiple of 1,000. */
  readonly rows: number;
  /** Hashes of stored pictures that the images share; absent: names of none. */
  readonly pictures?: readonly PictureFacts[];
  readonly now: number;
}

export interface PictureFacts {
  readonly hash: string;
  readonly bytes: number;
  readonly side: number;
}

/** Closes the database. */
export async function fillRun(opened: OpenDatabase, order: FillOrder): Promise<void> {
  await using store = await createSqlStore(opened, DECISIONS);
  const { runId: id, workspace, out, rows } = order;
  if (rows % PATTERN_ROWS !== 0) throw new Error(`Fill rows by ${PATTERN_ROWS}, not ${rows}.`);
  const title = `${rows} images`;
  const settings = DEFAULT_SETTINGS;
  await store.createRun({
    id,
    workspace,
    title,
    sheet: '/sheet.csv',
    out,
    settings,
    origin: 'api',
  });
  const lines = Array.from({ length: PATTERN_ROWS }, (_, at) => lineOf(id, at + 1));
  const revision = await store.beginReading(id);
  await store.putLines(id, revision, lines);
  const plan = { ...planOf([]), rows, items: rows, hash: digest('plan', id) };
  await store.endReading(id, revision, { plan, columns: ['prompt'], proofKeys: new Set() });
  await opened.database.transaction().execute(async (trx) => {
    await copyRows(trx, order);
    await makeAll(trx, order);
    await tellOfIt(trx, order);
  });
  // The servers' own gardener would do it in a minute.
  await sql`analyze`.execute(opened.database);
}

function lineOf(runId: string, number: number): PlannedLine {
  const prompt = `A lighthouse above a stormy sea at sunset, gulls far below, variation ${runId} ${number}`;
  return { kind: 'row', row: plannedRow(number, { prompt, streak: number }) };
}

/** Copies of everything that was read, under ids and numbers of their own. */
async function copyRows(trx: Database, { runId, rows }: FillOrder): Promise<void> {
  const copies = sql`(with recursive copies(n) as
    (select 1 union all select n + 1 from copies where n + 1 < ${sql.lit(rows / PATTERN_ROWS)})
    select n from copies)`;
  if (rows === PATTERN_ROWS) return;
  const shift = sql`n * ${sql.lit(PATTERN_ROWS)}`;
  await sql`insert into rows (run_id, key, number, revision, model, batch, proof, images, planned, cells)
    select run_id, key || '.' || n, number + ${shift}, revision, model, batch + n * 40, proof, images, planned, cells
    from rows cross join ${copies} as copies where run_id = ${runId}`.execute(trx);
  await sql`insert into requests (id, run_id, row_key, position, lane, proof, indexes, images, generation,
      state, attempts, counted_attempts, not_before, credit_micros_per_image, worst_usd_micros, expected_usd_micros)
    select id || '.' || n, run_id, row_key || '.' || n, position + ${shift} * 1000, lane, proof, indexes, images,
      generation, state, attempts, counted_attempts, not_before, credit_micros_per_image, worst_usd_micros,
      expected_usd_micros
    from requests cross join ${copies} as copies where run_id = ${runId}`.execute(trx);
  await sql`insert into items (id, run_id, row_key, row_number, image_index, request_id, state)
    select id || '.' || n, run_id, row_key || '.' || n, row_number + ${shift}, image_index,
      request_id || '.' || n, state
    from items cross join ${copies} as copies where run_id = ${runId}`.execute(trx);
}

/** Each has its outcome: of 200 images two are refused, one failed, four are flagged. */
async function makeAll(trx: Database, order: FillOrder): Promise<void> {
  const { runId, now } = order;
  const pictures = order.pictures ?? [{ hash: 'ab'.repeat(32), bytes: 600, side: 64 }];
  const outcome = sql`case when row_number % 100 = 7 then 'refused' when row_number % 200 = 13 then 'failed'
    else 'delivered' end`;
  await sql`insert into attempts (id, request_id, run_id, number, state, worker_id, sent_at, deadline_at,
      held_credit_micros, held_usd_micros, usd_micros, ended_at, account, refused, made)
    select id || '-1', id, run_id, 1, 'settled', 'bench', ${sql.lit(now - QUARTER_MS)}, ${sql.lit(now)}, 2400000, 60000, 60000,
      ${sql.lit(now - 1000)}, 'an account', 0, 1
    from requests where run_id = ${runId}`.execute(trx);
  for (const [at, { hash, bytes, side }] of pictures.entries()) {
    await sql`update items set state = ${outcome}, attempt_id = request_id || '-1', hash = ${hash}, bytes = ${bytes},
        width = ${side}, height = ${side}, format = 'jpeg', credit_micros = 2400000, usd_micros = 60000,
        reason = case when row_number % 200 = 13 then 'blank' end,
        refusal_stage = case when row_number % 100 = 7 then 'input' end,
        refusal_category = case when row_number % 100 = 7 then 'violence' end,
        file = row_number || '-lighthouse.jpg', detail = 100 + row_number % 90, streak = row_number % 10000 + 1,
        fingerprint = '0123456789abcdef0123456789abcdef', signature = ${'7f'.repeat(48)}, flags =
          case when row_number % 50 = 21 then '[{"kind":"low-detail","share":0.5}]' else '[]' end
      where run_id = ${runId} and row_number % ${sql.lit(pictures.length)} = ${sql.lit(at)}`.execute(
      trx,
    );
  }
  await sql`update items set hash = null, width = null, height = null, bytes = null, file = null, detail = null,
    fingerprint = null, signature = null, credit_micros = 0 where run_id = ${runId} and state = 'refused'`.execute(
    trx,
  );
  await sql`update requests set state = 'done', attempts = 1 where run_id = ${runId}`.execute(trx);
}

/** Its journal, its ledger, what people said of every hundredth image, and its sums. */
async function tellOfIt(trx: Database, { runId, workspace, rows, now }: FillOrder): Promise<void> {
  await sql`insert into events (run_id, sequence, at, event)
    select run_id, row_number + 1, ${sql.lit(now)}, '{"type":"attempt-settled","request":"' || request_id ||
      '","attempt":1,"delivered":1,"refused":0,"failed":0}'
    from items where run_id = ${runId}`.execute(trx);
  for (const [kind, account, credits] of [
    ['hold', 'available', -2_400_000],
    ['hold', 'held', 2_400_000],
    ['post', 'held', -2_400_000],
    ['post', 'spent', 2_400_000],
  ] as const) {
    await sql`insert into ledger (attempt_id, kind, account, run_id, workspace, at, credit_micros)
      select id, ${kind}, ${account}, run_id, ${workspace}, ${sql.lit(now)}, ${sql.lit(credits)}
      from attempts where run_id = ${runId}`.execute(trx);
  }
  await sql`insert into reviews (run_id, item_id, verdict, stars, reviewer, at)
    select run_id, id, 'keep', 4, 'somebody', ${sql.lit(now)}
    from items where run_id = ${runId} and row_number % 100 = 50`.execute(trx);
  await sql`insert into usage_quarters (workspace, at, run_id, lane, delivered, refused, failed, credit_micros, usd_micros)
    values (${workspace}, ${sql.lit(now - (now % QUARTER_MS))}, ${runId}, 'a-model', ${sql.lit(rows)}, 0, 0,
      ${sql.lit(rows * 2_400_000)}, ${sql.lit(rows * 60_000)})`.execute(trx);
  await sql`update runs set state = 'done', events = ${sql.lit(rows + 1)}, posted_credit_micros = ${sql.lit(rows * 2_400_000)},
    actual_usd_micros = ${sql.lit(rows * 60_000)} where id = ${runId}`.execute(trx);
}
