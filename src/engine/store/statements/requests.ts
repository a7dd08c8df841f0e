import { requestId } from '../../core/ids.ts';
import { changed, FencedError } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { Selectable } from 'kysely';

type RequestRow = Selectable<Tables['requests']>;

/** Replaces a waiting request by smaller ones of at most `most` images each. */
export async function splitRequest(trx: Trx, id: string, most: number): Promise<void> {
  const whole = await trx
    .selectFrom('requests')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const indexes = JSON.parse(whole.indexes) as number[];
  for (let start = 0; start < indexes.length; start += most) {
    await putPart(trx, whole, indexes.slice(start, start + most));
  }
  await removeEmptied(trx, whole);
}

/** A part keeps what its whole had been through: its attempts count, and it waits as long. */
async function putPart(
  trx: Trx,
  whole: RequestRow,
  indexes: number[],
  state: 'waiting' | 'cancelled' = 'waiting',
): Promise<void> {
  await putRequest(
    trx,
    { ...whole, ...scaled(whole, indexes.length), state },
    indexes,
    whole.generation,
  );
}

/** A request whose items have all moved on is removed, but for one that attempts refer to. */
async function removeEmptied(trx: Trx, whole: RequestRow): Promise<void> {
  if (whole.attempts === 0) {
    await trx.deleteFrom('requests').where('id', '=', whole.id).execute();
    return;
  }
  await trx
    .updateTable('requests')
    .set({ state: 'cancelled' })
    .where('id', '=', whole.id)
    .execute();
}

function scaled(whole: RequestRow, images: number) {
  const share = (micros: number | null) =>
    micros === null ? null : Math.ceil((micros * images) / whole.images);
  return {
    images,
    worst_usd_micros: share(whole.worst_usd_micros),
    expected_usd_micros: share(whole.expected_usd_micros),
    live_worst_usd_micros: share(whole.live_worst_usd_micros),
    live_expected_usd_micros: share(whole.live_expected_usd_micros),
  };
}

/** Takes the dropped items out of a waiting request; one that has no others is closed. */
export async function narrowRequest(trx: Trx, id: string): Promise<void> {
  const items = await trx
    .selectFrom('items')
    .select(['image_index', 'dropped'])
    .where('request_id', '=', id)
    .orderBy('image_index')
    .execute();
  const kept = items.filter((item) => item.dropped === 0).map((item) => item.image_index);
  const gone = items.filter((item) => item.dropped === 1).map((item) => item.image_index);
  const whole = await trx
    .selectFrom('requests')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (kept.length === 0) {
    await trx.updateTable('requests').set({ state: 'cancelled' }).where('id', '=', id).execute();
    return;
  }
  await putPart(trx, whole, kept);
  await putPart(trx, whole, gone, 'cancelled');
  await removeEmptied(trx, whole);
}

/**
 * Gives the items of a settled or undecided request a new request, with a new id and so a new id at
 * the vendor: only decisions (a retry, a written-off unknown) come here.
 */
export async function replaceRequest(
  trx: Trx,
  old: RequestRow,
  indexes: readonly number[],
): Promise<void> {
  const fresh = {
    state: 'waiting',
    counted_attempts: 0,
    not_before: 0,
    wait_reason: null,
    suspect_group: null,
  } as const;
  await putRequest(
    trx,
    { ...old, ...scaled(old, indexes.length), ...fresh },
    indexes,
    old.generation + 1,
  );
}

async function putRequest(
  trx: Trx,
  like: RequestRow,
  indexes: readonly number[],
  generation: number,
): Promise<void> {
  const id = requestId(like.run_id, like.row_key, indexes, generation);
  await trx
    .insertInto('requests')
    .values({
      ...like,
      id,
      indexes: JSON.stringify(indexes),
      images: indexes.length,
      position: Math.floor(like.position / 1000) * 1000 + Math.min(999, indexes[0] ?? 0),
      generation,
      attempts: 0,
    })
    .execute();
  const moved = await trx
    .updateTable('items')
    .set({ request_id: id })
    .where('run_id', '=', like.run_id)
    .where('row_key', '=', like.row_key)
    .where('image_index', 'in', [...indexes])
    .executeTakeFirstOrThrow();
  if (changed(moved) !== indexes.length) throw new FencedError(id);
}
