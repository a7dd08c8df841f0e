/** Pages for a client's approval: who may look, and what is shown. */
import type { Selectable } from 'kysely';
import type { ShareTerms } from '../../core/review.ts';
import type { StoreContext } from '../context.ts';
import type { NewShare, ShareMark, SharedItem, SharedPage, StoredShare } from '../share-store.ts';
import type { ItemCursor } from '../run-listing-store.ts';
import type { Tables } from '../tables.ts';
import { isAfter } from './item-order.ts';
import { recordQuery, toRecord } from './records.ts';
import { isReviewed } from './review-filter.ts';

export type Shown = Pick<StoredShare, 'id' | 'runId' | 'terms'>;

const FIRST: ItemCursor = { number: 0, index: 0, id: '' };

export async function createShare(
  { database, dialect }: StoreContext,
  share: NewShare,
): Promise<boolean> {
  const result = await database
    .insertInto('shares')
    .values({
      id: share.id,
      workspace: share.workspace,
      run_id: share.runId,
      title: share.title,
      hash: share.hash,
      terms: JSON.stringify(share.terms),
      key_id: share.keyId,
      created_at: await dialect.now(database),
      expires_at: share.expiresAt ?? null,
      revoked_at: null,
      opened_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0;
}

export async function findShare(
  { database }: StoreContext,
  id: string,
): Promise<StoredShare | undefined> {
  const row = await database
    .selectFrom('shares')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toShare(row);
}

export async function listShares(
  { database }: StoreContext,
  runId: string,
  limit: number,
): Promise<StoredShare[]> {
  const rows = await database
    .selectFrom('shares')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toShare);
}

/** Of one revoked before, nothing changes. */
export async function revokeShare({ database, dialect }: StoreContext, id: string): Promise<void> {
  await database
    .updateTable('shares')
    .set({ revoked_at: await dialect.now(database) })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
}

export async function touchShare({ database, dialect }: StoreContext, id: string): Promise<void> {
  await database
    .updateTable('shares')
    .set({ opened_at: await dialect.now(database) })
    .where('id', '=', id)
    .execute();
}

export async function sharedItems(
  context: StoreContext,
  share: Shown,
  { after = FIRST, limit }: { readonly after?: ItemCursor; readonly limit: number },
): Promise<SharedPage> {
  const rows = await shownRows(context, share)
    .where(isAfter(after))
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit);
}

export async function shareMarks(
  context: StoreContext,
  share: Shown,
  { after = FIRST, limit }: { readonly after?: ItemCursor; readonly limit: number },
): Promise<SharedPage> {
  const rows = await shownRows(context, share)
    .where('share_marks.at', 'is not', null)
    .where(isAfter(after))
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit);
}

export async function sharedItem(
  context: StoreContext,
  share: Shown,
  itemId: string,
): Promise<SharedItem | undefined> {
  const row = await shownRows(context, share).where('items.id', '=', itemId).executeTakeFirst();
  return row === undefined ? undefined : toItem(row);
}

export async function countShared({ database }: StoreContext, share: Shown): Promise<number> {
  let query = database
    .selectFrom('items')
    .select(({ fn }) => fn.countAll<number | string>().as('items'))
    .where('items.run_id', '=', share.runId)
    .where('items.dropped', '=', 0)
    .where('items.canary', 'is', null)
    .where('items.state', '=', 'delivered');
  if (share.terms.only !== undefined) query = query.where(isReviewed(share.terms.only));
  return Number((await query.executeTakeFirstOrThrow()).items);
}

function shownRows(context: StoreContext, { id, runId, terms }: Shown) {
  const query = recordQuery(context)
    .leftJoin('share_marks', (join) =>
      join.onRef('share_marks.item_id', '=', 'items.id').on('share_marks.share_id', '=', id),
    )
    .select([
      'share_marks.share_id',
      'share_marks.mark',
      'share_marks.note as mark_note',
      'share_marks.marked_by',
      'share_marks.at as marked_at',
    ])
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .where('items.canary', 'is', null)
    .where('items.state', '=', 'delivered')
    .orderBy('items.row_number')
    .orderBy('items.image_index')
    .orderBy('items.id');
  return terms.only === undefined ? query : query.where(isReviewed(terms.only));
}

type ShownRow = Awaited<ReturnType<ReturnType<typeof shownRows>['execute']>>[number];

function pageOf(rows: readonly ShownRow[], limit: number): SharedPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toItem),
    ...(rows.length > limit &&
      last !== undefined && {
        next: { number: last.row_number, index: last.image_index, id: last.id },
      }),
  };
}

function toItem(row: ShownRow): SharedItem {
  const mark = markOf(row);
  return { record: toRecord(row, {}), ...(mark && { mark }) };
}

function markOf(row: ShownRow): ShareMark | undefined {
  if (row.share_id === null || row.marked_at === null) return undefined;
  return {
    shareId: row.share_id,
    itemId: row.id,
    mark: row.mark,
    note: row.mark_note,
    markedBy: row.marked_by,
    at: row.marked_at,
  };
}

function toShare(row: Selectable<Tables['shares']>): StoredShare {
  return {
    id: row.id,
    workspace: row.workspace,
    runId: row.run_id,
    title: row.title,
    hash: row.hash,
    terms: JSON.parse(row.terms) as ShareTerms,
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
    ...(row.opened_at !== null && { openedAt: row.opened_at }),
  };
}
