/** What visitors of a shared page say of its images. */
import { sql } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { MarkCounts, ShareMark } from '../share-store.ts';
import { isReviewed } from './review-filter.ts';
import type { Shown } from './shares.ts';

export async function markShared(
  { database, dialect }: StoreContext,
  { shareId, itemId, mark, note, markedBy }: Omit<ShareMark, 'at'>,
): Promise<void> {
  if (mark === null && note === null) {
    await database
      .deleteFrom('share_marks')
      .where('share_id', '=', shareId)
      .where('item_id', '=', itemId)
      .execute();
    return;
  }
  const said = { mark, note, marked_by: markedBy, at: await dialect.now(database) };
  await database
    .insertInto('share_marks')
    .values({ share_id: shareId, item_id: itemId, ...said })
    .onConflict((conflict) => conflict.columns(['share_id', 'item_id']).doUpdateSet(said))
    .execute();
}

export async function countMarks(context: StoreContext, share: Shown): Promise<MarkCounts> {
  const counts = await shownMarks(context, share)
    .select([
      sql<number | string | null>`sum(case when share_marks.mark = 'approve' then 1 else 0 end)`.as(
        'approved',
      ),
      sql<number | string | null>`sum(case when share_marks.mark = 'reject' then 1 else 0 end)`.as(
        'rejected',
      ),
      sql<number | string | null>`sum(case when share_marks.note is null then 0 else 1 end)`.as(
        'noted',
      ),
    ])
    .executeTakeFirstOrThrow();
  return {
    approved: Number(counts.approved ?? 0),
    rejected: Number(counts.rejected ?? 0),
    noted: Number(counts.noted ?? 0),
  };
}

/** Marks of images that the page shows now. */
function shownMarks({ database }: Pick<StoreContext, 'database'>, { id, runId, terms }: Shown) {
  const query = database
    .selectFrom('share_marks')
    .innerJoin('items', 'items.id', 'share_marks.item_id')
    .where('share_marks.share_id', '=', id)
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .where('items.canary', 'is', null)
    .where('items.state', '=', 'delivered');
  return terms.only === undefined ? query : query.where(isReviewed(terms.only));
}
