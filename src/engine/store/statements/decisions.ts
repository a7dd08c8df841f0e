/** What a person decides about items that have ended, or that have not begun. */
import { ITEM_TRANSITIONS } from '../../core/item.ts';
import { statesBefore } from '../../core/transition.ts';
import { appendEvent, changed, type StoreContext } from '../context.ts';
import { replaceRequest } from './requests.ts';
import { forgetReviews } from './reviews.ts';

/** Gives items of this state new requests, so that they are bought again. Returns how many. */
export async function retry(
  context: StoreContext,
  runId: string,
  state: 'failed' | 'refused' | 'cancelled',
): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const now = await context.dialect.now(trx);
    const ended = await trx
      .selectFrom('items')
      .select(['request_id', 'image_index'])
      .where('run_id', '=', runId)
      .where('dropped', '=', 0)
      .where('state', '=', state)
      .orderBy('row_number')
      .orderBy('image_index')
      .execute();
    for (const [id, items] of Map.groupBy(ended, (item) => item.request_id)) {
      const request = await trx
        .selectFrom('requests')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const indexes = items.map((item) => item.image_index);
      await forgetReviews(trx, request, indexes);
      await trx
        .updateTable('items')
        .set({ state: 'waiting', reason: null })
        .where('request_id', '=', id)
        .where('image_index', 'in', indexes)
        .where('state', '=', state)
        .execute();
      await replaceRequest(trx, request, indexes);
    }
    if (ended.length > 0) {
      await appendEvent(trx, runId, now, { type: 'retry-asked', state, items: ended.length });
    }
    return ended.length;
  });
}

/** Cancels everything that was not sent. Returns how many items that were. */
export async function cancelWaiting(context: StoreContext, runId: string): Promise<number> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    await trx
      .updateTable('requests')
      .set({ state: 'cancelled' })
      .where('run_id', '=', runId)
      .where('state', '=', 'waiting')
      .execute();
    const result = await trx
      .updateTable('items')
      .set({ state: 'cancelled', reason: 'cancelled before it was made' })
      .where('run_id', '=', runId)
      .where('dropped', '=', 0)
      .where('state', 'in', statesBefore(ITEM_TRANSITIONS, 'cancelled'))
      .executeTakeFirstOrThrow();
    return changed(result);
  });
}
