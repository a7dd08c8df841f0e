/**
 * Decisions that change what a request asks for: another model, or other words. Items that ended get a
 * new request with a new id; requests that still wait are changed where they are.
 */
import type { Selectable } from 'kysely';
import {
  type Amend,
  type AmendedPage,
  type AmendedRequest,
  type Amendment,
  amendedRow,
} from '../../core/amendment.ts';
import { requestId } from '../../core/ids.ts';
import { ITEM_TRANSITIONS } from '../../core/item.ts';
import type { ItemState } from '../../core/outcome.ts';
import type { PlannedRow } from '../../core/plan.ts';
import { statesBefore } from '../../core/transition.ts';
import { appendEvent, changed, FencedError, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { EndedItems } from '../orders.ts';
import type { Tables } from '../tables.ts';
import { forgetReviews } from './reviews.ts';

type RequestRow = Selectable<Tables['requests']>;

/** Requests changed in one transaction: more would hold the locks, and the thread, for long. */
const PAGE = 200;

/** The row of a request as its amendment has it. */
export function readPlanned(planned: string, amendment: string | null): PlannedRow {
  return amendedRow(JSON.parse(planned) as PlannedRow, readAmendment(amendment));
}

export function readAmendment(text: string | null): Amendment | undefined {
  return text === null ? undefined : (JSON.parse(text) as Amendment);
}

/** Gives items that ended a new, amended request each time `amend` wants one. Returns how many items. */
export async function amendEnded(
  context: StoreContext,
  runId: string,
  which: EndedItems,
  amend: Amend,
): Promise<number> {
  if (which.itemIds?.length === 0) return 0;
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const now = await context.dialect.now(trx);
    let query = trx
      .selectFrom('items')
      .select(['request_id', 'image_index'])
      .where('run_id', '=', runId)
      .where('dropped', '=', 0)
      .where('state', 'in', [...which.states])
      .orderBy('row_number')
      .orderBy('image_index');
    if (which.itemIds !== undefined) query = query.where('id', 'in', [...which.itemIds]);
    if (which.onlyUnmade === true) {
      query = query.where((where) =>
        where.or([where('state', '=', 'refused'), where('unmade', '=', 1)]),
      );
    }
    let items = 0;
    for (const [id, ended] of Map.groupBy(await query.execute(), (item) => item.request_id)) {
      const { request, row } = await requestWithRow(trx, id);
      const indexes = ended.map((item) => item.image_index);
      for (const part of amend(row, indexes, readAmendment(request.amendment))) {
        await putAmended(trx, request, part, request.generation + 1, which.states);
        items += part.indexes.length;
      }
    }
    if (items > 0) {
      await appendEvent(trx, runId, now, { type: 'amended', items });
    }
    return items;
  });
}

/** Changes waiting requests of a lane where `amend` wants it, a page of them in one transaction. */
export async function amendWaiting(
  context: StoreContext,
  runId: string,
  lane: string,
  amend: Amend,
  after = -1,
): Promise<AmendedPage> {
  return context.database.transaction().execute(async (trx) => {
    await context.dialect.lockRun(trx, runId);
    const now = await context.dialect.now(trx);
    const waiting = await trx
      .selectFrom('requests')
      .select(['id', 'position'])
      .where('run_id', '=', runId)
      .where('lane', '=', lane)
      .where('state', '=', 'waiting')
      .where('position', '>', after)
      .orderBy('position')
      .limit(PAGE)
      .execute();
    let items = 0;
    for (const { id } of waiting) {
      const { request, row } = await requestWithRow(trx, id);
      const indexes = JSON.parse(request.indexes) as number[];
      const parts = amend(row, indexes, readAmendment(request.amendment));
      if (parts.length === 0) continue;
      await trx.updateTable('requests').set({ state: 'cancelled' }).where('id', '=', id).execute();
      for (const part of parts) {
        await putAmended(trx, request, part, request.generation + 1, ['waiting']);
        items += part.indexes.length;
      }
    }
    if (items > 0) await appendEvent(trx, runId, now, { type: 'amended', items });
    const last = waiting.at(-1)?.position;
    return waiting.length < PAGE || last === undefined ? { items } : { items, next: last };
  });
}

async function requestWithRow(
  trx: Trx,
  id: string,
): Promise<{ request: RequestRow; row: PlannedRow }> {
  const request = await trx
    .selectFrom('requests')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { planned } = await trx
    .selectFrom('rows')
    .select('planned')
    .where('run_id', '=', request.run_id)
    .where('key', '=', request.row_key)
    .executeTakeFirstOrThrow();
  return { request, row: JSON.parse(planned) as PlannedRow };
}

async function putAmended(
  trx: Trx,
  old: RequestRow,
  part: AmendedRequest,
  generation: number,
  from: readonly ItemState[],
): Promise<void> {
  const indexes = [...part.indexes];
  const id = requestId(old.run_id, old.row_key, indexes, generation);
  await trx
    .insertInto('requests')
    .values({
      ...old,
      id,
      lane: part.lane,
      amendment: JSON.stringify(part.amendment),
      indexes: JSON.stringify(indexes),
      images: indexes.length,
      position: Math.floor(old.position / 1000) * 1000 + Math.min(999, indexes[0] ?? 0),
      generation,
      state: 'waiting',
      attempts: 0,
      counted_attempts: 0,
      not_before: 0,
      wait_reason: null,
      suspect_group: null,
      credit_micros_per_image: part.creditMicrosPerImage,
      worst_usd_micros: part.worstUsdMicros ?? null,
      expected_usd_micros: part.expectedUsdMicros ?? null,
      live_credit_micros_per_image: null,
      live_worst_usd_micros: null,
      live_expected_usd_micros: null,
    })
    .execute();
  const allowed = from.filter(
    (state) => state === 'waiting' || statesBefore(ITEM_TRANSITIONS, 'waiting').includes(state),
  );
  await forgetReviews(trx, old, indexes);
  const moved = await trx
    .updateTable('items')
    .set({ request_id: id, state: 'waiting', reason: null })
    .where('request_id', '=', old.id)
    .where('image_index', 'in', indexes)
    .where('state', 'in', allowed)
    .executeTakeFirstOrThrow();
  if (changed(moved) !== indexes.length) throw new FencedError(id);
}
