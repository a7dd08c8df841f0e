/** Items of a run by what somebody looks for, a page at a time, and what was sent for one of them. */
import { sql } from 'kysely';
import { laneName } from '../../core/lane.ts';
import type { StoreContext } from '../context.ts';
import type {
  AttemptEntry,
  ItemAttempt,
  ItemCursor,
  ItemsPage,
  ItemsQuery,
} from '../run-listing-store.ts';
import { withMarks } from './client-marks.ts';
import { isAfter } from './item-order.ts';
import { promptHolds, promptsMention } from './prompt-search.ts';
import { readWaits, recordQuery, toRecord } from './records.ts';
import { isReviewed } from './review-filter.ts';

/**
 * Rows of the sheet that one page looks through when no index says where to look: 20 ms of a thread that
 * everybody shares, with a search in the prompts.
 */
const ROWS_LOOKED_THROUGH = 5_000;
/** No integer column holds more. */
const LARGEST_INDEX = 2_147_483_647;
const FIRST: ItemCursor = { number: 0, index: 0, id: '' };

export async function itemsPage(
  context: StoreContext,
  runId: string,
  query: ItemsQuery,
): Promise<ItemsPage> {
  // An empty list is no SQL in PostgreSQL.
  if (query.states?.length === 0) return { items: [] };
  const { after = FIRST, limit } = query;
  const until = needsLooking(query) ? after.number + ROWS_LOOKED_THROUGH : undefined;
  // One more than the page tells whether there is another.
  let statement = filtered(context, runId, query)
    .where(isAfter(after))
    .limit(limit + 1);
  if (until !== undefined) statement = statement.where('items.row_number', '<=', until);
  const found = await statement.execute();
  const waits = await readWaits(context, runId);
  const page = found.slice(0, limit);
  const records = page.map((row) => toRecord(row, waits));
  const items = (await withMarks(context, runId, records)).filter(
    (item) =>
      query.search === undefined ||
      promptsMention([item.row.prompt, item.sentPrompt], query.search),
  );
  const last = page.at(-1);
  if (found.length > limit && last !== undefined) {
    return { items, next: { number: last.row_number, index: last.image_index, id: last.id } };
  }
  if (until === undefined || !(await hasRowsAfter(context, runId, until))) return { items };
  return { items, next: { number: until, index: LARGEST_INDEX, id: '' } };
}

/** Filters that no index serves, like several states: those of one are in the order of the sheet. */
function needsLooking({
  states = [],
  model,
  flag,
  category,
  search,
  review,
  row,
}: ItemsQuery): boolean {
  if (row !== undefined) return false;
  if (states.length > 1) return true;
  return [model, flag, category, search, review].some((each) => each !== undefined);
}

function filtered(context: StoreContext, runId: string, query: ItemsQuery) {
  const { states, model, row, flag, category, search, review } = query;
  let statement = recordQuery(context)
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .orderBy('items.id');
  if (states !== undefined) statement = statement.where('items.state', 'in', [...states]);
  if (row !== undefined) statement = statement.where('items.row_number', '=', row);
  if (category !== undefined) {
    statement = statement
      .where('items.state', '=', 'refused')
      .where('items.refusal_category', '=', category);
  }
  if (model !== undefined) {
    const lanes = [laneName(model, 'live'), laneName(model, 'batch')];
    statement = statement.where('requests.lane', 'in', lanes);
  }
  if (flag === 'screened') {
    statement = statement.where('items.screening', 'like', '[{%');
  } else if (flag !== undefined) {
    statement = statement.where('items.flags', 'like', `%"kind":"${flag}"%`);
  }
  if (review !== undefined) {
    statement = statement
      .where(isReviewed(review))
      // What is not made yet cannot be decided about.
      .where('items.state', 'in', ['delivered', 'failed'])
      .where('items.hash', 'is not', null);
  }
  if (search !== undefined) statement = statement.where(promptHolds(search));
  return statement;
}

async function hasRowsAfter(
  { database }: StoreContext,
  runId: string,
  number: number,
): Promise<boolean> {
  const row = await database
    .selectFrom('items')
    .select('id')
    .where('run_id', '=', runId)
    .where('row_number', '>', number)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function itemAttempts(
  context: StoreContext,
  runId: string,
  itemId: string,
): Promise<ItemAttempt[]> {
  const { database } = context;
  const sent = await database
    .selectFrom('items')
    .innerJoin('requests', (join) =>
      join
        .onRef('requests.run_id', '=', 'items.run_id')
        .onRef('requests.row_key', '=', 'items.row_key'),
    )
    .innerJoin('attempts', (join) =>
      join
        .onRef('attempts.request_id', '=', 'requests.id')
        // The id begins with the request's, so that the primary key finds it.
        .on('attempts.id', '>', sql<string>`requests.id || '-'`)
        .on('attempts.id', '<', sql<string>`requests.id || '.'`),
    )
    .select([
      'attempts.id',
      'requests.lane',
      'requests.indexes',
      'requests.images',
      'attempts.number',
      'attempts.state',
      'attempts.sent_at',
      'attempts.ended_at',
      'attempts.reason',
      'attempts.ref',
      'attempts.usd_micros',
      'items.image_index',
    ])
    .where('items.run_id', '=', runId)
    .where('items.id', '=', itemId)
    .orderBy('attempts.sent_at')
    .orderBy('attempts.id')
    .execute();
  const own = sent.filter((each) =>
    (JSON.parse(each.indexes) as number[]).includes(each.image_index),
  );
  const entries = await entriesOf(
    context,
    own.map(({ id }) => id),
  );
  return own.map((each) => ({
    id: each.id,
    lane: each.lane,
    number: each.number,
    state: each.state,
    sentAt: each.sent_at,
    ...(each.ended_at !== null && { endedAt: each.ended_at }),
    ...(each.reason !== null && { reason: each.reason }),
    ...(each.ref !== null && { ref: each.ref }),
    ...(each.usd_micros !== null && { usdMicros: each.usd_micros }),
    images: each.images,
    ledger: entries.get(each.id) ?? [],
  }));
}

async function entriesOf(
  { database }: StoreContext,
  attempts: readonly string[],
): Promise<Map<string, AttemptEntry[]>> {
  if (attempts.length === 0) return new Map();
  const lines = await database
    .selectFrom('ledger')
    .select(['attempt_id', 'kind', 'account', 'at', 'credit_micros'])
    .where('attempt_id', 'in', [...attempts])
    .orderBy('at')
    .orderBy('kind')
    .orderBy('account')
    .execute();
  const byAttempt = new Map<string, AttemptEntry[]>();
  for (const { attempt_id: id, credit_micros: creditMicros, ...line } of lines) {
    byAttempt.set(id, [...(byAttempt.get(id) ?? []), { ...line, creditMicros }]);
  }
  return byAttempt;
}
