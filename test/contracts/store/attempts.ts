import { describe, expect, test } from 'vitest';
import { requestId } from '../../../src/engine/core/ids.ts';
import type { AttemptTicket, Fenced } from '../../../src/engine/store/store.ts';
import { admit, collect, outcomes, picture, PRICE, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeAttempts(subject: Subject): void {
  /** A run whose first request, of `count` images, has been sent. */
  async function sent(count = 1): Promise<{ id: string; ticket: AttemptTicket; key: string }> {
    const id = await startRun(subject.store, [{ prompt: 'a fox', count }, 'an owl']);
    const [ticket] = (await admit(subject.store, id, { most: 1 })).granted;
    return { id, ticket: ticket!, key: ticket!.attemptId };
  }

  /** Everything that a door can see of a run. */
  const snapshot = async (id: string) => ({
    run: await subject.store.findRun(id),
    records: await collect(subject.store.records(id)),
    ledger: await collect(subject.store.ledger(id)),
    journal: await collect(subject.store.journal(id)),
    open: await subject.store.openAttempts(id),
    lanes: await subject.store.waitingLanes(id),
  });

  const giveBack = (attemptId: string, more: { counts?: boolean; worker?: string } = {}) =>
    subject.store.returned({
      attemptId,
      workerId: more.worker ?? 'worker',
      reason: 'the vendor is overloaded',
      notBeforeMs: 0,
      countsAttempt: more.counts ?? true,
    });

  /** Every way to end an attempt, or to carry it on. */
  const moves = (attemptId: string, worker: string): Record<string, () => Promise<Fenced>> => ({
    accepted: () => subject.store.accepted(attemptId, worker, { ref: 'task-7' }),
    settle: () => subject.store.settle(settlement(attemptId, 'd', worker)),
    returned: () => giveBack(attemptId, { worker }),
    markUnknown: () => subject.store.markUnknown(attemptId, worker, 'time-out'),
  });

  describe('an attempt', () => {
    test('keeps the vendor’s id and what it says that it bills', async () => {
      const { store } = subject;
      const { id, key } = await sent();
      expect(await store.accepted(key, 'worker', { ref: 'task-7', usdMicros: 40_000 })).toBe(
        'done',
      );
      expect(await store.openAttempts(id)).toMatchObject([
        { attemptId: key, state: 'accepted', ref: 'task-7', usdMicros: 40_000, workerId: 'worker' },
      ]);
      expect(await store.settle(settlement(key, 'd'))).toBe('done');
      const [record] = await collect(store.records(id));
      expect(record).toMatchObject({ state: 'delivered', vendorRef: 'task-7', attempt: 1 });
    });

    test('ends with others of its run: one that is not the worker’s, or broken, is rolled back alone', async () => {
      const { store } = subject;
      const prompts = Array.from({ length: 40 }, (_, place) => `a fox, number ${place}`);
      const runId = await startRun(store, prompts);
      const { granted } = await admit(store, runId);
      const [stolen, broken] = [3, 5];
      const ends = await Promise.allSettled(
        granted.map(({ attemptId }, place) => {
          const order = settlement(attemptId, 'd', place === stolen ? 'another' : 'worker');
          const usdMicros = place === broken ? Number.NaN : order.usdMicros;
          return store.settle({ ...order, runId, usdMicros });
        }),
      );
      const told = ends.map((end) => (end.status === 'fulfilled' ? end.value : 'broken'));
      const expected = granted.map((_, place) => {
        if (place === stolen) return 'fenced';
        return place === broken ? 'broken' : 'done';
      });
      expect(told).toEqual(expected);
      expect(await store.counts(runId)).toMatchObject({ delivered: 38, sent: 2 });
      expect(await store.findRun(runId)).toMatchObject({
        postedCreditMicros: 38 * PRICE.creditMicros,
        heldCreditMicros: 2 * PRICE.creditMicros,
      });
      // Both can still be ended.
      for (const place of [stolen, broken]) {
        const order = settlement(granted[place]!.attemptId, 'd');
        expect(await store.settle({ ...order, runId })).toBe('done');
      }
      expect(await store.counts(runId)).toMatchObject({ delivered: 40, sent: 0 });
    });

    test('settles each image by its place, and charges for the delivered ones only', async () => {
      const { store } = subject;
      const { id, key } = await sent(4);
      await store.settle({
        attemptId: key,
        workerId: 'worker',
        outcomes: outcomes('drfd'),
        usdMicros: 200_002,
      });
      const records = await collect(
        store.records(id, { states: ['delivered', 'refused', 'failed'] }),
      );
      expect(
        records.map(({ index, state, reason, creditMicros, usdMicros }) => [
          index,
          state,
          reason,
          creditMicros,
          usdMicros,
        ]),
      ).toEqual([
        [1, 'delivered', undefined, PRICE.creditMicros, 50_001],
        [2, 'refused', 'unsafe', 0, 50_001],
        [3, 'failed', 'blank', 0, 50_000],
        [4, 'delivered', undefined, PRICE.creditMicros, 50_000],
      ]);
      expect(records[3]!.image).toEqual(picture('3'));
      expect(await store.findRun(id)).toMatchObject({
        postedCreditMicros: 2 * PRICE.creditMicros,
        heldCreditMicros: 0,
        actualUsdMicros: 200_002,
        heldUsdMicros: 0,
      });
      await subject.check(id, 5);
    });

    test('fails the images that did not come back', async () => {
      const { store } = subject;
      const { id, key } = await sent(3);
      await store.settle(settlement(key, 'd'));
      const failed = await collect(store.records(id, { states: ['failed'] }));
      expect(failed.map((record) => record.index)).toEqual([2, 3]);
      expect(failed[0]!.reason).toMatch(/^not returned/);
    });

    test('keeps the picture of a failed image', async () => {
      const { store } = subject;
      const { id, key } = await sent();
      const failed = {
        index: 0,
        state: 'failed',
        reason: 'blank',
        image: picture('blank'),
      } as const;
      await store.settle({ ...settlement(key, ''), outcomes: [failed] });
      const [record] = await collect(store.records(id));
      expect(record).toMatchObject({ state: 'failed', image: picture('blank') });
    });

    test('returns: nothing was made, nothing is charged, and the request waits again', async () => {
      const { store } = subject;
      const { id, key, ticket } = await sent(2);
      expect(await giveBack(key)).toBe('done');
      expect(await store.findRun(id)).toMatchObject({ heldCreditMicros: 0, heldUsdMicros: 0 });
      const [record] = await collect(store.records(id));
      expect(record).toMatchObject({ state: 'waiting', reason: 'the vendor is overloaded' });
      const [again] = (await admit(store, id, { most: 1 })).granted;
      expect(again).toMatchObject({
        requestId: ticket.requestId,
        attempt: 2,
        countedAttempts: 1,
        indexes: [1, 2],
      });
      await giveBack(again!.attemptId, { counts: false });
      const [third] = (await admit(store, id, { most: 1 })).granted;
      expect(third).toMatchObject({ attempt: 3, countedAttempts: 1 });
      await subject.check(id, 3);
    });

    test('keeps its hold while its outcome is unknown', async () => {
      const { store } = subject;
      const { id, key } = await sent(2);
      expect(await store.markUnknown(key, 'worker', 'time-out')).toBe('done');
      expect(await store.counts(id)).toMatchObject({ unknown: 2, waiting: 1 });
      expect(await store.findRun(id)).toMatchObject({
        heldCreditMicros: 2 * PRICE.creditMicros,
        heldUsdMicros: 2 * PRICE.usdMicros,
      });
      expect((await admit(store, id)).granted).toHaveLength(1);
      await subject.check(id, 3);
    });

    test.each(['d', 'r', 'f'])('may be settled late while it is unknown (%s)', async (letter) => {
      const { store } = subject;
      const { id, key } = await sent();
      await store.markUnknown(key, 'worker', 'time-out');
      expect(await store.settle(settlement(key, letter))).toBe('done');
      expect((await store.counts(id)).unknown).toBe(0);
      expect((await store.findRun(id))?.heldCreditMicros).toBe(0);
    });

    test('may be found by the vendor, lost again, and found to be nothing', async () => {
      const { store } = subject;
      const { id, key } = await sent(2);
      await store.markUnknown(key, 'worker', 'time-out');
      expect(await store.accepted(key, 'worker', { ref: 'task-7' })).toBe('done');
      expect(await store.counts(id)).toMatchObject({ sent: 2, unknown: 0 });
      await subject.check(id, 3);
      expect(await store.markUnknown(key, 'worker', 'time-out')).toBe('done');
      await subject.check(id, 3);
      expect(await giveBack(key)).toBe('done');
      expect(await store.counts(id)).toMatchObject({ waiting: 3 });
    });

    test('is bought again under a new id only after a decision on its unknown outcome', async () => {
      const { store } = subject;
      const { id, key, ticket } = await sent(2);
      await store.markUnknown(key, 'worker', 'time-out');
      expect(await store.decideUnknown(id)).toBe(2);
      expect(await store.decideUnknown(id)).toBe(0);
      expect(await store.findRun(id)).toMatchObject({
        heldCreditMicros: 0,
        postedCreditMicros: 0,
        writtenOffUsdMicros: 2 * PRICE.usdMicros,
      });
      const [again] = (await admit(store, id, { most: 1 })).granted;
      expect(again).toMatchObject({
        requestId: requestId(id, ticket.row.key, [1, 2], 1),
        generation: 1,
        attempt: 1,
        countedAttempts: 0,
      });
      await subject.check(id, 3);
    });

    test('decides on one unknown attempt when asked for one', async () => {
      const { store } = subject;
      const { id, key } = await sent(2);
      const [other] = (await admit(store, id)).granted;
      await store.markUnknown(key, 'worker', 'time-out');
      await store.markUnknown(other!.attemptId, 'worker', 'time-out');
      expect(await store.decideUnknown(id, key)).toBe(2);
      expect(await store.counts(id)).toMatchObject({ unknown: 1, waiting: 2 });
    });

    test('keeps what comes after the decision as an extra that nobody pays for', async () => {
      const { store } = subject;
      const { id, key } = await sent(2);
      await store.markUnknown(key, 'worker', 'time-out');
      await store.decideUnknown(id);
      const before = await snapshot(id);
      expect(await store.settle(settlement(key, 'dd'))).toBe('fenced');
      expect(await snapshot(id)).toEqual(before);
      expect(await subject.extras(id)).toEqual([
        { attempt: key, index: 1, hash: picture('0').hash },
        { attempt: key, index: 2, hash: picture('1').hash },
      ]);
    });

    describe.each(['settle', 'returned'])('once it has ended (%s)', (end) => {
      test.each(['accepted', 'settle', 'returned', 'markUnknown'])(
        '%s is fenced and changes nothing',
        async (move) => {
          const { id, key } = await sent();
          expect(await moves(key, 'worker')[end]!()).toBe('done');
          const before = await snapshot(id);
          expect(await moves(key, 'worker')[move]!()).toBe('fenced');
          expect(await snapshot(id)).toEqual(before);
        },
      );
    });

    test.each(['accepted', 'settle', 'returned', 'markUnknown'])(
      'of another worker is not changed by %s',
      async (move) => {
        const { id, key } = await sent();
        const before = await snapshot(id);
        expect(await moves(key, 'another')[move]!()).toBe('fenced');
        expect(await moves(`${key}-unheard-of`, 'worker')[move]!()).toBe('fenced');
        expect(await snapshot(id)).toEqual(before);
      },
    );

    test('that is settled from everywhere at once is settled once', async () => {
      const { store, others } = subject;
      const { id, key } = await sent(3);
      const answers = await Promise.all(
        [store, ...others, ...others].map((each, place) =>
          place % 3 === 2
            ? each.markUnknown(key, 'worker', 'time-out')
            : each.settle(settlement(key, 'ddd')),
        ),
      );
      expect(answers).toContain('done');
      if ((await store.counts(id)).unknown > 0) await store.settle(settlement(key, 'ddd'));
      expect((await store.findRun(id))?.postedCreditMicros).toBe(3 * PRICE.creditMicros);
      const journal = await collect(store.journal(id));
      expect(journal.filter(({ event }) => event.type === 'attempt-settled')).toHaveLength(1);
    });

    test('of a dead worker is taken over by one living worker, and fenced for the dead one', async () => {
      const { store, others } = subject;
      const { id, key } = await sent();
      const takers = [store, ...others];
      const taken = await Promise.all(
        takers.map((each, place) => each.takeAttempt(key, 'worker', `taker-${place}`)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.takeAttempt(key, 'worker', 'too-late')).toBe(false);
      expect(await store.settle(settlement(key, 'd'))).toBe('fenced');
      const winner = `taker-${taken.indexOf(true)}`;
      expect(await store.openAttempts(id)).toMatchObject([{ workerId: winner }]);
      expect(await store.settle(settlement(key, 'd', winner))).toBe('done');
      expect(await store.takeAttempt(key, winner, 'worker')).toBe(false);
    });
  });

  describe('a retry', () => {
    test('buys failed images of a request again, and leaves the delivered ones', async () => {
      const { store } = subject;
      const { id, key } = await sent(4);
      await store.settle(settlement(key, 'dfrf'));
      expect(await store.retry(id, 'failed')).toBe(2);
      expect(await store.counts(id)).toMatchObject({ delivered: 1, refused: 1, waiting: 3 });
      const [again] = (await admit(store, id, { most: 1 })).granted;
      expect(again).toMatchObject({ indexes: [2, 4], generation: 1, attempt: 1 });
      await store.settle(settlement(again!.attemptId, 'df'));
      expect(await store.retry(id, 'failed')).toBe(1);
      const [third] = (await admit(store, id, { most: 1 })).granted;
      expect(third).toMatchObject({ indexes: [4], generation: 2 });
      await store.settle(settlement(third!.attemptId, 'd'));
      expect(await store.retry(id, 'refused')).toBe(1);
      await subject.check(id, 5);
      const [record] = await collect(store.records(id, { states: ['delivered'] }));
      // One of four at 50,000 each.
      expect(record).toMatchObject({ usdMicros: 50_000 });
    });

    test('changes nothing when there is nothing to retry', async () => {
      const { id } = await sent();
      const before = await snapshot(id);
      expect(await subject.store.retry(id, 'failed')).toBe(0);
      expect(await snapshot(id)).toEqual(before);
    });

    test('brings cancelled images back', async () => {
      const { store } = subject;
      const { id, key } = await sent();
      expect(await store.cancelWaiting(id)).toBe(1);
      expect(await store.cancelWaiting(id)).toBe(0);
      expect(await store.counts(id)).toMatchObject({ sent: 1, cancelled: 1, waiting: 0 });
      expect(await admit(store, id)).toMatchObject({ granted: [], empty: true });
      await store.settle(settlement(key, 'd'));
      await subject.check(id, 2);
      expect(await store.retry(id, 'cancelled')).toBe(1);
      expect((await admit(store, id)).granted).toHaveLength(1);
    });
  });
}
