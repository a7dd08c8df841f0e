/** What runs that follow from another one are made of. */
import type { StoreContext } from '../context.ts';
import type { ChosenItem, ChosenPage, FollowUpStore, ItemChoice } from '../follow-up-store.ts';
import type { ItemCursor } from '../run-listing-store.ts';
import { readAmendment } from './amend.ts';
import { isAfter } from './item-order.ts';
import { recordQuery, toRecord } from './records.ts';
import { isReviewed } from './review-filter.ts';

const FIRST: ItemCursor = { number: 0, index: 0, id: '' };
/** Runs are told of a run at most. */
const MOST_FOLLOW_UPS = 100;
/** Parameters of one statement, well below what both databases take. */
const IDS_AT_ONCE = 500;

export async function chosenItems(
  context: StoreContext,
  runId: string,
  choice: ItemChoice,
  { after = FIRST, limit }: { readonly after?: ItemCursor; readonly limit: number },
): Promise<ChosenPage> {
  if (choice !== 'delivered' && 'items' in choice && choice.items.length > IDS_AT_ONCE) {
    return namedItems(context, runId, choice.items, { after, limit });
  }
  const rows = await chosenRows(context, runId, choice)
    .where(isAfter(after))
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toChosen),
    ...(rows.length > limit && last !== undefined && { next: placeOf(last) }),
  };
}

/** Many ids: in parts, put in the order of the sheet afterwards. */
async function namedItems(
  context: StoreContext,
  runId: string,
  ids: readonly string[],
  { after, limit }: { readonly after: ItemCursor; readonly limit: number },
): Promise<ChosenPage> {
  const rows: ChosenRow[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const items = ids.slice(from, from + IDS_AT_ONCE);
    rows.push(...(await chosenRows(context, runId, { items }).where(isAfter(after)).execute()));
  }
  rows.sort(inSheetOrder);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toChosen),
    ...(rows.length > limit && last !== undefined && { next: placeOf(last) }),
  };
}

function chosenRows(context: StoreContext, runId: string, choice: ItemChoice) {
  const query = recordQuery(context)
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .where('items.canary', 'is', null)
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .orderBy('items.id');
  if (choice !== 'delivered' && 'items' in choice) {
    // An empty list is no SQL in PostgreSQL.
    return query.where('items.id', 'in', choice.items.length === 0 ? [''] : [...choice.items]);
  }
  const delivered = query.where('items.state', '=', 'delivered');
  return choice === 'delivered' ? delivered : delivered.where(isReviewed(choice.review));
}

type ChosenRow = Awaited<ReturnType<ReturnType<typeof chosenRows>['execute']>>[number];

function toChosen(row: ChosenRow): ChosenItem {
  const amendment = readAmendment(row.amendment);
  return {
    record: toRecord(row, {}),
    planned: JSON.parse(row.planned) as ChosenItem['planned'],
    ...(amendment && { amendment }),
  };
}

function placeOf(row: ChosenRow): ItemCursor {
  return { number: row.row_number, index: row.image_index, id: row.id };
}

function inSheetOrder(one: ChosenRow, other: ChosenRow): number {
  return (
    one.row_number - other.row_number ||
    one.image_index - other.image_index ||
    (one.id < other.id ? -1 : 1)
  );
}

export async function countChosen(
  { database }: StoreContext,
  runId: string,
  choice: Parameters<FollowUpStore['countChosen']>[1],
): Promise<number> {
  let query = database
    .selectFrom('items')
    .select(({ fn }) => fn.countAll<number | string>().as('items'))
    .where('run_id', '=', runId)
    .where('dropped', '=', 0)
    .where('canary', 'is', null)
    .where('state', '=', 'delivered');
  if (choice !== 'delivered') query = query.where(isReviewed(choice.review));
  return Number((await query.executeTakeFirstOrThrow()).items);
}

export async function followUpsOf({ database }: StoreContext, runId: string): Promise<string[]> {
  const rows = await database
    .selectFrom('runs')
    .select('id')
    .where('source_run', '=', runId)
    .where('plan', 'is not', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(MOST_FOLLOW_UPS)
    .execute();
  return rows.map(({ id }) => id);
}
