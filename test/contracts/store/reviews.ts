import { describe, expect, test } from 'vitest';
import type { ReviewChange } from '../../../src/engine/core/review.ts';
import type { ItemsQuery } from '../../../src/engine/store/run-listing-store.ts';
import { admit, outcomes, picture, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeReviews(subject: Subject): void {
  /** A run whose images ended as the letters say, and their items. */
  async function ended(letters: string) {
    const { store } = subject;
    const runId = await startRun(store, [{ prompt: 'a boat', count: letters.length }]);
    const [ticket] = (await admit(store, runId)).granted;
    await store.settle(settlement(ticket!.attemptId, letters));
    const { items } = await store.itemsPage(runId, { limit: 100 });
    return { runId, ids: items.map(({ itemId }) => itemId) };
  }

  const say = (runId: string, itemIds: readonly string[], change: ReviewChange) =>
    subject.store.changeReviews(
      runId,
      itemIds.map((itemId) => ({ itemId, change })),
      'Ada',
    );

  describe('reviews', () => {
    test('say of an image what they are told to, and leave the rest as it is', async () => {
      const { store } = subject;
      const { runId, ids } = await ended('d');
      const [id] = ids as [string];
      expect(await say(runId, [id], { verdict: 'keep' })).toMatchObject([
        { itemId: id, before: { verdict: null, stars: 0, note: null } },
      ]);
      await say(runId, [id], { stars: 4 });
      expect(await say(runId, [id], { note: 'too dark' })).toMatchObject([
        {
          itemId: id,
          before: { verdict: 'keep', stars: 4, note: null },
          after: { verdict: 'keep', stars: 4, note: 'too dark' },
        },
      ]);
      const at = expect.any(Number) as number;
      const review = { verdict: 'keep', stars: 4, note: 'too dark', reviewer: 'Ada', at };
      expect((await store.record(id))?.review).toEqual(review);
      expect((await Array.fromAsync(store.records(runId)))[0]?.review).toEqual(review);
      expect((await store.itemsPage(runId, { limit: 1 })).items[0]?.review).toEqual(review);
    });

    test('that are taken back leave nothing, and what was said already changes nothing', async () => {
      const { store } = subject;
      const { runId, ids } = await ended('d');
      await say(runId, ids, { verdict: 'reject', stars: 1 });
      expect(await say(runId, ids, { verdict: 'reject' })).toEqual([]);
      await say(runId, ids, { verdict: null, stars: 0 });
      expect((await store.record(ids[0]!))?.review).toBe(undefined);
      expect(await say(runId, ids, { verdict: null })).toEqual([]);
    });

    test('are of images that there are, in this run', async () => {
      const { store } = subject;
      const { runId, ids } = await ended('dr');
      const other = await ended('d');
      const changed = await say(runId, [...ids, ...other.ids, 'none'], { verdict: 'keep' });
      expect(changed.map(({ itemId }) => itemId)).toEqual([ids[0]]);
      expect(await store.reviewSummary(other.runId)).toMatchObject({ kept: 0, undecided: 1 });
    });

    test('are counted, and items found by them', async () => {
      const { store } = subject;
      const { runId, ids } = await ended('ddddr');
      await say(runId, ids.slice(0, 2), { verdict: 'keep' });
      await say(runId, ids.slice(2, 3), { verdict: 'reject', note: 'no' });
      await say(runId, ids.slice(3, 4), { stars: 2 });
      expect(await store.reviewSummary(runId)).toEqual({
        kept: 2,
        rejected: 1,
        starred: 1,
        noted: 1,
        undecided: 1,
        delivered: 4,
      });
      const found = async (review: NonNullable<ItemsQuery['review']>) =>
        (await store.itemsPage(runId, { limit: 9, review })).items.map(({ index }) => index);
      expect(await found('kept')).toEqual([1, 2]);
      expect(await found('rejected')).toEqual([3]);
      expect(await found('starred')).toEqual([4]);
      expect(await found('noted')).toEqual([3]);
      expect(await found('undecided')).toEqual([4]);
    });

    test('go when their image is made again', async () => {
      const { store } = subject;
      const runId = await startRun(store, [{ prompt: 'a boat', count: 3 }]);
      const [ticket] = (await admit(store, runId)).granted;
      const failed = { state: 'failed', reason: 'blank' } as const;
      await store.settle({
        ...settlement(ticket!.attemptId, 'd'),
        outcomes: [
          ...outcomes('d'),
          { index: 1, ...failed, image: picture('blank') },
          { index: 2, ...failed },
        ],
      });
      const { items } = await store.itemsPage(runId, { limit: 9 });
      const ids = items.map(({ itemId }) => itemId);
      expect(await say(runId, ids, { verdict: 'keep' })).toHaveLength(2);
      expect(await store.reviewSummary(runId)).toMatchObject({ kept: 2, undecided: 0 });
      await store.retry(runId, 'failed');
      const reviews = (await store.itemsPage(runId, { limit: 9 })).items.map(
        ({ review }) => review,
      );
      expect(reviews.map((review) => review?.verdict)).toEqual(['keep', undefined, undefined]);
      expect(await store.reviewSummary(runId)).toMatchObject({ kept: 1, undecided: 0 });
    });
  });
}
