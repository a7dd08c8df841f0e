/** What the workspace says of images. */
import { sql } from 'kysely';
import {
  NO_REVIEW,
  type ReviewChange,
  type ReviewSummary,
  type ReviewWords,
} from '../../core/review.ts';
import type { StoreContext } from '../context.ts';
import type { Database, Trx } from '../dialect.ts';
import type { ChangedReview, ReviewOrder } from '../review-store.ts';

export async function changeReviews(
  context: StoreContext,
  runId: string,
  orders: readonly ReviewOrder[],
  reviewer: string,
): Promise<ChangedReview[]> {
  // An empty list is no SQL in PostgreSQL.
  if (orders.length === 0) return [];
  return context.database.transaction().execute(async (trx) => {
    const at = await context.dialect.now(trx);
    const known = await wordsOf(trx, runId, orders);
    // One order of rows for everybody: no deadlock.
    const changes = [...new Map(orders.map((order) => [order.itemId, order])).values()]
      .toSorted((one, other) => (one.itemId < other.itemId ? -1 : 1))
      .flatMap(({ itemId, change }) => {
        const before = known.get(itemId);
        if (before === undefined) return [];
        const after = changedWords(before, change);
        return isSame(before, after) ? [] : [{ itemId, before, after, at }];
      });
    await putReviews(
      trx,
      changes
        .filter(({ after }) => !isSame(after, NO_REVIEW))
        .map(({ itemId, after }) => ({ run_id: runId, item_id: itemId, ...after, reviewer, at })),
    );
    const emptied = changes.filter(({ after }) => isSame(after, NO_REVIEW));
    await removeReviews(
      trx,
      runId,
      emptied.map(({ itemId }) => itemId),
    );
    return changes;
  });
}

/** What is said now of those of these items that have an image. */
async function wordsOf(
  trx: Trx,
  runId: string,
  orders: readonly ReviewOrder[],
): Promise<ReadonlyMap<string, ReviewWords>> {
  const rows = await trx
    .selectFrom('items')
    .leftJoin('reviews', (join) =>
      join.onRef('reviews.run_id', '=', 'items.run_id').onRef('reviews.item_id', '=', 'items.id'),
    )
    .select(['items.id', 'reviews.verdict', 'reviews.stars', 'reviews.note'])
    .where(
      'items.id',
      'in',
      orders.map(({ itemId }) => itemId),
    )
    .where('items.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .where('items.state', 'in', ['delivered', 'failed'])
    .where('items.hash', 'is not', null)
    .execute();
  return new Map(
    rows.map(({ id, verdict, stars, note }) => [id, { verdict, stars: stars ?? 0, note }]),
  );
}

function changedWords(before: ReviewWords, { verdict, stars, note }: ReviewChange): ReviewWords {
  return {
    verdict: verdict === undefined ? before.verdict : verdict,
    stars: stars ?? before.stars,
    note: note === undefined ? before.note : note,
  };
}

function isSame(one: ReviewWords, other: ReviewWords): boolean {
  return one.verdict === other.verdict && one.stars === other.stars && one.note === other.note;
}

async function putReviews(
  trx: Trx,
  values: readonly {
    readonly run_id: string;
    readonly item_id: string;
    readonly verdict: ReviewWords['verdict'];
    readonly stars: number;
    readonly note: string | null;
    readonly reviewer: string;
    readonly at: number;
  }[],
): Promise<void> {
  if (values.length === 0) return;
  await trx
    .insertInto('reviews')
    .values([...values])
    .onConflict((conflict) =>
      conflict.columns(['run_id', 'item_id']).doUpdateSet((set) => ({
        verdict: set.ref('excluded.verdict'),
        stars: set.ref('excluded.stars'),
        note: set.ref('excluded.note'),
        reviewer: set.ref('excluded.reviewer'),
        at: set.ref('excluded.at'),
      })),
    )
    .execute();
}

async function removeReviews(trx: Trx, runId: string, items: readonly string[]): Promise<void> {
  if (items.length === 0) return;
  await trx
    .deleteFrom('reviews')
    .where('run_id', '=', runId)
    .where('item_id', 'in', [...items])
    .execute();
}

/** Images of a request that are made again: what was said was said of another one. */
export async function forgetReviews(
  trx: Trx,
  { id, run_id: runId }: { readonly id: string; readonly run_id: string },
  indexes: readonly number[],
): Promise<void> {
  await trx
    .deleteFrom('reviews')
    .where('run_id', '=', runId)
    .where('item_id', 'in', (select) =>
      select
        .selectFrom('items')
        .select('items.id')
        .where('items.request_id', '=', id)
        .where('items.image_index', 'in', [...indexes]),
    )
    .execute();
}

export async function reviewSummary(
  { database }: StoreContext,
  runId: string,
  delivered?: number,
): Promise<ReviewSummary> {
  const said = await saidOf(database, runId);
  const images = await imagesOf(database, runId, delivered);
  return {
    kept: said.kept,
    rejected: said.rejected,
    starred: said.starred,
    noted: said.noted,
    undecided: images.delivered + images.failed - said.kept - said.rejected,
    delivered: images.delivered,
  };
}

/** Counts what was said instead of all images: nobody reviewed most runs. */
async function saidOf(database: Database, runId: string) {
  const sumOf = (condition: ReturnType<typeof sql<boolean>>) =>
    sql<number | string>`coalesce(sum(case when ${condition} then 1 else 0 end), 0)`;
  const counted = await database
    .selectFrom('reviews')
    .innerJoin('items', 'items.id', 'reviews.item_id')
    .select([
      sumOf(sql<boolean>`reviews.verdict = 'keep'`).as('kept'),
      sumOf(sql<boolean>`reviews.verdict = 'reject'`).as('rejected'),
      sumOf(sql<boolean>`reviews.stars > 0`).as('starred'),
      sumOf(sql<boolean>`reviews.note is not null`).as('noted'),
    ])
    .where('reviews.run_id', '=', runId)
    .where('items.dropped', '=', 0)
    .executeTakeFirstOrThrow();
  return {
    kept: Number(counted.kept),
    rejected: Number(counted.rejected),
    starred: Number(counted.starred),
    noted: Number(counted.noted),
  };
}

async function imagesOf(database: Database, runId: string, known: number | undefined) {
  const count = (state: 'delivered' | 'failed') =>
    database
      .selectFrom('items')
      .select((select) => select.fn.countAll<number | string>().as('items'))
      .where('run_id', '=', runId)
      .where('dropped', '=', 0)
      .where('state', '=', state);
  const delivered = known ?? Number((await count('delivered').executeTakeFirstOrThrow()).items);
  const failed = await count('failed').where('hash', 'is not', null).executeTakeFirstOrThrow();
  return { delivered, failed: Number(failed.items) };
}
