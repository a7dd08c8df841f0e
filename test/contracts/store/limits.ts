import { describe, expect, test } from 'vitest';
import { mostInAnyWindow } from '../../support/audit-grants.ts';
import { seededRandom } from '../../../src/engine/core/random.ts';
import { admit, slotLimit, startRun, windowLimit } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeLimits(subject: Subject): void {
  const { kind } = subject;
  const weighted = (length: number) =>
    Array.from({ length }, (_, place) => ({ prompt: `picture ${place}`, count: 1 + (place % 4) }));

  describe('limits', () => {
    test('a window lets through what fits, and says when the next fits', async () => {
      const { store } = subject;
      const limit = windowLimit(5);
      const id = await startRun(store, weighted(4));
      const answer = await admit(store, id, { limits: [limit] });
      expect(answer.granted.map((ticket) => ticket.indexes.length)).toEqual([1, 2]);
      expect(answer.obstacle).toEqual({
        limit: limit.key,
        reason: 'images-per-minute: 3 of 5 used',
        // A minute, and the margin that a worker may take between its grant and its sending.
        until: answer.now + 60_600,
      });
    });

    test('a window holds over many admissions at once, with weights', async () => {
      const { store, others } = subject;
      const [images, requests] = [windowLimit(50), windowLimit(40, { unit: 'requests' })];
      const id = await startRun(store, weighted(100));
      const stores = [store, ...others];
      const answers = await Promise.all(
        Array.from({ length: 36 }, (_, place) =>
          admit(stores[place % stores.length]!, id, { limits: [images, requests], most: 3 }),
        ),
      );
      const granted = answers.flatMap((answer) => answer.granted);
      expect(granted.length).toBeGreaterThan(15);
      const all = await store.grants(images.key);
      expect(all).toHaveLength(granted.length);
      expect(mostInAnyWindow(all, 60_000)).toBeLessThanOrEqual(50);
      expect(mostInAnyWindow(all, 60_000)).toBeGreaterThan(50 - 4);
    });

    test('runs that share an account share its window', async () => {
      const { store, others } = subject;
      const limit = windowLimit(20);
      const runs = await Promise.all(
        [1, 2, 3].map(() =>
          startRun(
            store,
            weighted(20).map(({ prompt }) => prompt),
          ),
        ),
      );
      const stores = [store, ...others];
      await Promise.all(
        Array.from({ length: 18 }, (_, place) =>
          admit(stores[place % stores.length]!, runs[place % 3]!, { limits: [limit], most: 2 }),
        ),
      );
      expect(mostInAnyWindow(await store.grants(limit.key), 60_000)).toBe(20);
    });

    test.runIf(kind.advance)('any window at any time holds as the clock moves', async () => {
      const { store } = subject;
      const random = seededRandom(11);
      const [images, requests] = [
        windowLimit(17),
        windowLimit(9, { unit: 'requests', windowMs: 10_000 }),
      ];
      const id = await startRun(store, weighted(150));
      for (let round = 0; round < 1_000; round += 1) {
        const { empty } = await admit(store, id, { limits: [images, requests], most: 5 });
        if (empty) break;
        await kind.advance!(Math.floor(random.next() * 4_000));
      }
      expect((await store.counts(id)).waiting).toBe(0);
      expect(mostInAnyWindow(await store.grants(images.key), 60_000)).toBeLessThanOrEqual(17);
      expect(mostInAnyWindow(await store.grants(requests.key), 10_000)).toBeLessThanOrEqual(9);
    });

    test.runIf(kind.advance)('what waits goes at the very moment that was named', async () => {
      const { store } = subject;
      const limits = [windowLimit(6), windowLimit(3, { unit: 'requests', windowMs: 25_000 })];
      const id = await startRun(store, weighted(30));
      for (;;) {
        const { granted, obstacle, empty, now } = await admit(store, id, { limits });
        if (empty) break;
        if (granted.length > 0 && obstacle === undefined) continue;
        await kind.advance!(obstacle!.until! - now - 1);
        expect((await admit(store, id, { limits })).granted).toEqual([]);
        await kind.advance!(1);
        const next = await admit(store, id, { limits, most: 1 });
        expect(next.granted).toHaveLength(1);
      }
    });

    test('a window keeps a grant whatever becomes of it', async () => {
      const { store } = subject;
      const limit = windowLimit(2);
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx']);
      const { granted } = await admit(store, id, { limits: [limit] });
      await store.settle(settlement(granted[0]!.attemptId, 'f'));
      await giveBack(granted[1]!.attemptId);
      expect((await admit(store, id, { limits: [limit] })).granted).toEqual([]);
      expect(await store.gauges([limit])).toMatchObject([{ used: 2, max: 2, learned: false }]);
    });

    test('slots are held by weight until a task ends', async () => {
      const { store } = subject;
      const limit = slotLimit(5);
      const id = await startRun(store, weighted(8));
      const { granted, obstacle, now } = await admit(store, id, { limits: [limit] });
      expect(granted.map((ticket) => ticket.indexes.length)).toEqual([1, 2]);
      expect(obstacle).toEqual({
        limit: limit.key,
        reason: 'active-tasks: 3 of 5 used',
        until: now + 120_000,
        endsEarly: true,
      });
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      expect(await store.gauges([limit])).toMatchObject([{ used: 2 }]);
      const next = await admit(store, id, { limits: [limit] });
      expect(next.granted.map((ticket) => ticket.indexes.length)).toEqual([3]);
      await giveBack(granted[1]!.attemptId);
      expect(await store.gauges([limit])).toMatchObject([{ used: 3 }]);
    });

    test('slots hold over many admissions and settlements at once', async () => {
      const { store, others } = subject;
      const limit = slotLimit(7);
      const id = await startRun(store, weighted(60));
      let active = 0;
      let most = 0;
      const work = async (each: typeof store) => {
        for (;;) {
          const { granted, empty } = await admit(each, id, { limits: [limit], most: 2 });
          const units = granted.reduce((sum, ticket) => sum + ticket.indexes.length, 0);
          active += units;
          most = Math.max(most, active);
          for (const ticket of granted) {
            active -= ticket.indexes.length;
            await each.settle(settlement(ticket.attemptId, 'd'.repeat(ticket.indexes.length)));
          }
          if (empty) return;
        }
      };
      await Promise.all([store, ...others].map(work));
      expect(await store.counts(id)).toMatchObject({ delivered: 150 });
      expect(most).toBeLessThanOrEqual(7);
      expect(await store.gauges([limit])).toMatchObject([{ used: 0 }]);
    });

    test.runIf(kind.advance)('an unknown task holds its slot for its longest time', async () => {
      const { store } = subject;
      const limit = slotLimit(1);
      const id = await startRun(store, ['a fox', 'an owl']);
      const { granted } = await admit(store, id, { limits: [limit] });
      await store.markUnknown(granted[0]!.attemptId, 'worker', 'time-out');
      expect(await store.gauges([limit])).toMatchObject([{ used: 1 }]);
      await store.decideUnknown(id);
      const { granted: more, obstacle, now } = await admit(store, id, { limits: [limit] });
      expect(more).toEqual([]);
      expect(obstacle?.until).toBe(granted[0]!.deadlineAt);
      await kind.advance!(granted[0]!.deadlineAt - now);
      expect((await admit(store, id, { limits: [limit] })).granted).toHaveLength(1);
    });

    test('a limit that nobody told is not in the way, and said to be unlearned', async () => {
      const { store } = subject;
      const id = await startRun(store, weighted(5));
      const limit = windowLimit(undefined);
      const answer = await admit(store, id, { limits: [limit] });
      expect(answer).toMatchObject({ unlearned: true });
      expect(answer.granted).toHaveLength(5);
      expect(await store.gauges([limit])).toMatchObject([{ used: 11, learned: false }]);
    });

    test('our own ceiling is never unlearned', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const limit = windowLimit(undefined, { learnable: false });
      expect(await admit(store, id, { limits: [limit] })).toMatchObject({ unlearned: false });
    });

    test('a figure that the vendor names is in force at once, but never above the configured one', async () => {
      const { store } = subject;
      const [free, configured] = [windowLimit(undefined), windowLimit(3)];
      await store.learn([
        { limit: free, announced: 2 },
        { limit: configured, announced: 50 },
      ]);
      expect(await store.gauges([free, configured])).toMatchObject([
        { max: 2, learned: true },
        { max: 3, learned: true },
      ]);
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx']);
      expect((await admit(store, id, { limits: [free, configured] })).granted).toHaveLength(2);
    });

    test('refusals lower the limit to what was let through, and pause the lane', async () => {
      const { store } = subject;
      const limit = windowLimit(undefined);
      const id = await startRun(
        store,
        weighted(5).map(({ prompt }) => prompt),
      );
      const { granted } = await admit(store, id, { limits: [limit] });
      // One alone may be a stray refusal: it only pauses.
      await giveBack(granted[2]!.attemptId, limit);
      expect((await store.gauges([limit]))[0]).toMatchObject({ max: undefined, learned: false });
      for (const ticket of granted.slice(3)) {
        await giveBack(ticket.attemptId, limit);
      }
      const [gauge] = await store.gauges([limit]);
      expect(gauge).toMatchObject({ max: 2, learned: true, used: 5 });
      const answer = await admit(store, id, { limits: [limit] });
      expect(answer.granted).toEqual([]);
      expect(answer.obstacle!.until).toBeGreaterThanOrEqual(gauge!.blockedUntil);
    });

    const giveBack = (attemptId: string, limit?: ReturnType<typeof windowLimit>) =>
      subject.store.returned({
        attemptId,
        workerId: 'worker',
        reason: 'too many requests',
        notBeforeMs: 0,
        countsAttempt: false,
        ...(limit && { lessons: [{ limit, refused: { retryAfterMs: 20_000 } }] }),
      });
  });
}
