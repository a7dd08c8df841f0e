import type { StoreContext } from '../context.ts';
import type { ItemOfImage } from '../store.ts';

/** The same picture for more items than these would be a defect of a vendor. */
const MOST = 20;

/** The items whose stored image has this hash, of all runs. Looks through all items. */
export async function itemsOfImage(context: StoreContext, hash: string): Promise<ItemOfImage[]> {
  const rows = await context.database
    .selectFrom('items')
    .select(['id', 'run_id', 'row_number', 'image_index', 'file'])
    .where('hash', '=', hash)
    .orderBy('run_id')
    .orderBy('row_number')
    .orderBy('image_index')
    .limit(MOST)
    .execute();
  return rows.map(({ id, run_id, row_number, image_index, file }) => ({
    runId: run_id,
    itemId: id,
    row: row_number,
    index: image_index,
    ...(file !== null && { file }),
  }));
}
