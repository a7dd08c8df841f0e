/** What visitors of shared pages said of images, beside what the workspace says of them. */
import type { ItemRecord } from '../../core/item-record.ts';
import type { ClientMark } from '../../core/review.ts';
import type { StoreContext } from '../context.ts';

/** A page of records, each with the newest mark on any of the run's shared pages. */
export async function withMarks(
  context: StoreContext,
  runId: string,
  items: readonly ItemRecord[],
): Promise<readonly ItemRecord[]> {
  // An empty list is no SQL in PostgreSQL.
  if (items.length === 0) return items;
  const marks = await marksOf(
    context,
    runId,
    items.map(({ itemId }) => itemId),
  );
  if (marks.size === 0) return items;
  return items.map((item) => {
    const clientMark = marks.get(item.itemId);
    return clientMark === undefined ? item : { ...item, clientMark };
  });
}

async function marksOf(
  { database }: StoreContext,
  runId: string,
  items: readonly string[],
): Promise<ReadonlyMap<string, ClientMark>> {
  const rows = await database
    .selectFrom('shares')
    .innerJoin('share_marks', 'share_marks.share_id', 'shares.id')
    .select([
      'share_marks.item_id',
      'share_marks.mark',
      'share_marks.note',
      'share_marks.marked_by',
      'share_marks.at',
    ])
    .where('shares.run_id', '=', runId)
    .where('share_marks.item_id', 'in', [...items])
    // The last of the same image stays in the map.
    .orderBy('share_marks.at')
    .orderBy('shares.created_at')
    .orderBy('shares.id')
    .execute();
  return new Map(
    rows.map(({ item_id: itemId, mark, note, marked_by: markedBy, at }) => [
      itemId,
      {
        ...(mark !== null && { mark }),
        ...(note !== null && { note }),
        ...(markedBy !== null && { markedBy }),
        at,
      },
    ]),
  );
}
