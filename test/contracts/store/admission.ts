import { describe, expect, test } from 'vitest';
import { IllegalStateError } from '../../../src/engine/core/errors.ts';
import { admit, collect, PRICE, startRun, windowLimit } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeAdmission(subject: Subject): void {
  const promptsOf = (granted: readonly { readonly row: { readonly prompt: string } }[]) =>
    granted.map((ticket) => ticket.row.prompt);
  const numbered = (length: number) => Array.from({ length }, (_, place) => `picture ${place}`);

  describe('admission', () => {
    test('grants in the order of the sheet, with hold, attempt and journal', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', { prompt: 'an owl', count: 3 }, 'a lynx']);
      const answer = await admit(store, id, { most: 2 });
      expect(promptsOf(answer.granted)).toEqual(['a fox', 'an owl']);
      expect(answer.granted[1]).toMatchObject({
        runId: id,
        lane: 'a-model',
        indexes: [1, 2, 3],
        generation: 0,
        countedAttempts: 0,
        attempt: 1,
        state: 'sent',
        creditMicrosPerImage: PRICE.creditMicros,
        expectedUsdMicros: 3 * PRICE.usdMicros,
        sentAt: answer.now,
        deadlineAt: answer.now + 120_000,
      });
      expect(await store.findRun(id)).toMatchObject({
        heldCreditMicros: 4 * PRICE.creditMicros,
        heldUsdMicros: 4 * PRICE.usdMicros,
      });
      expect(await store.counts(id)).toMatchObject({ sent: 4, waiting: 1 });
      await subject.check(id, 5);
    });

    test('says with the last grants that nothing is left besides them', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx']);
      expect(await admit(store, id, { most: 2 })).toMatchObject({ empty: false });
      const last = await admit(store, id, { most: 2 });
      expect(promptsOf(last.granted)).toEqual(['a lynx']);
      expect(last.empty).toBe(true);
      const others = await startRun(store, [{ prompt: 'a bear', count: 2 }, 'a wren']);
      const answer = await admit(store, others, { limits: [windowLimit(2)] });
      expect(answer.granted).toHaveLength(1);
      expect(answer.empty).toBe(false);
    });

    test('says that a lane has nothing left', async () => {
      const id = await startRun(subject.store, ['a fox']);
      await admit(subject.store, id);
      expect(await admit(subject.store, id)).toMatchObject({ granted: [], empty: true });
      expect(await admit(subject.store, id, { lane: 'other' })).toMatchObject({ empty: true });
    });

    test('sends nothing but the proof while the proof is on', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx'], { proofOf: ['an owl'] });
      expect(promptsOf((await admit(store, id)).granted)).toEqual(['an owl']);
      expect(await admit(store, id)).toMatchObject({ granted: [], empty: true });
      expect(await store.proofOpen(id)).toBe(1);
      await store.changeRun(id, { state: 'running', phase: 'main' });
      expect(promptsOf((await admit(store, id)).granted)).toEqual(['a fox', 'a lynx']);
    });

    test('gives nothing to a worker that does not have the run', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      expect(await admit(store, id, { workerId: 'another' })).toMatchObject({ granted: [] });
      expect(await store.counts(id)).toMatchObject({ waiting: 1 });
    });

    test('gives nothing from a run that is not running', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      for (const state of ['paused', 'planned', 'cancelled'] as const) {
        if (state === 'cancelled') await store.changeRun(id, { state: 'planned' });
        await store.changeRun(id, { state });
        expect(await admit(store, id)).toMatchObject({ granted: [] });
        await store.changeRun(id, { state: 'running' });
      }
      expect((await admit(store, id)).granted).toHaveLength(1);
    });

    test('spends up to the budget in credits and says that it does not reach', async () => {
      const { store } = subject;
      const id = await startRun(store, numbered(5), {
        budgetCreditMicros: 3.5 * PRICE.creditMicros,
      });
      expect((await admit(store, id)).granted).toHaveLength(3);
      const answer = await admit(store, id);
      expect(answer).toMatchObject({ granted: [], empty: false });
      expect(answer.budget).toBeDefined();
    });

    test('spends what a budget leaves on a smaller request further down', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', { prompt: 'an owl', count: 4 }, 'a lynx'], {
        budgetCreditMicros: 3 * PRICE.creditMicros,
      });
      expect(promptsOf((await admit(store, id)).granted)).toEqual(['a fox', 'a lynx']);
    });

    test('gives voided credits back to the budget', async () => {
      const { store } = subject;
      const id = await startRun(store, numbered(3), { budgetCreditMicros: PRICE.creditMicros });
      for (const letter of ['r', 'f', 'd']) {
        const { granted } = await admit(store, id);
        expect(granted).toHaveLength(1);
        await store.settle(settlement(granted[0]!.attemptId, letter));
      }
      expect(await store.findRun(id)).toMatchObject({
        postedCreditMicros: PRICE.creditMicros,
        heldCreditMicros: 0,
        actualUsdMicros: 150_000,
      });
    });

    test('never lets billed, held and written-off dollars exceed their cap', async () => {
      const { store } = subject;
      const id = await startRun(store, numbered(9), { maxUsdMicros: 3 * PRICE.usdMicros });
      const { granted } = await admit(store, id);
      expect(granted).toHaveLength(3);
      // 50,000 of 60,000 were billed; an unknown one is held, and then written off.
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      await store.markUnknown(granted[1]!.attemptId, 'worker', 'time-out');
      expect((await admit(store, id)).granted).toHaveLength(0);
      await store.decideUnknown(id);
      await store.settle(settlement(granted[2]!.attemptId, 'f'));
      expect(await admit(store, id)).toMatchObject({ granted: [], empty: false });
      expect(await store.findRun(id)).toMatchObject({
        actualUsdMicros: 100_000,
        heldUsdMicros: 0,
        writtenOffUsdMicros: 60_000,
      });
    });

    test('sends one request of unknown price at a time under a dollar cap', async () => {
      const { store } = subject;
      const sheet = numbered(3).map((prompt) => ({ prompt, usdMicros: null }));
      const id = await startRun(store, sheet, { maxUsdMicros: 100_000 });
      const { granted } = await admit(store, id);
      expect(granted).toHaveLength(1);
      expect(await admit(store, id)).toMatchObject({ granted: [], empty: false });
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      expect((await admit(store, id)).granted).toHaveLength(1);
    });

    test('waits for an affordable request rather than give up for an expensive one', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', { prompt: 'an owl', count: 4 }], {
        budgetCreditMicros: 2 * PRICE.creditMicros,
      });
      const { granted } = await admit(store, id);
      await store.returned({
        attemptId: granted[0]!.attemptId,
        workerId: 'worker',
        reason: 'the vendor is overloaded',
        notBeforeMs: 30_000,
        countsAttempt: true,
      });
      const answer = await admit(store, id);
      expect(answer.budget).toBeUndefined();
      expect(answer.obstacle).toMatchObject({
        limit: 'retry',
        reason: 'the vendor is overloaded',
      });
      const waitMs = answer.obstacle!.until! - answer.now;
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(30_000);
    });

    test('splits a request that a limit could never let through', async () => {
      const { store } = subject;
      const limit = windowLimit(4);
      const id = await startRun(store, [{ prompt: 'a fox', count: 10 }, 'an owl']);
      const { granted, obstacle } = await admit(store, id, { limits: [limit] });
      expect(granted.map((ticket) => ticket.indexes)).toEqual([[1, 2, 3, 4]]);
      expect(obstacle?.limit).toBe(limit.key);
      await subject.check(id, 11);
      const rest = await admit(store, id);
      expect(rest.granted.map((ticket) => ticket.indexes)).toEqual([[5, 6, 7, 8], [9, 10], [1]]);
      expect(new Set(rest.granted.map((ticket) => ticket.requestId)).size).toBe(3);
      expect(await store.findRun(id)).toMatchObject({
        heldCreditMicros: 11 * PRICE.creditMicros,
        heldUsdMicros: 11 * PRICE.usdMicros,
      });
    });

    test('remembers the attempts of a request that is split after one', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 4 }]);
      const [first] = (await admit(store, id)).granted;
      await store.returned({
        attemptId: first!.attemptId,
        workerId: 'worker',
        reason: 'the vendor is overloaded',
        notBeforeMs: 0,
        countsAttempt: true,
      });
      const { granted } = await admit(store, id, { limits: [windowLimit(3)] });
      expect(granted).toMatchObject([{ indexes: [1, 2, 3], countedAttempts: 1 }]);
      await subject.check(id, 4);
    });

    test('holds a budget under many admissions at once', async () => {
      const { store, others } = subject;
      const id = await startRun(store, numbered(60), {
        budgetCreditMicros: 25 * PRICE.creditMicros,
        maxUsdMicros: 30 * PRICE.usdMicros,
      });
      const stores = Array.from(
        { length: 24 },
        (_, place) => [store, ...others][place % (others.length + 1)]!,
      );
      const answers = await Promise.all(stores.map((each) => admit(each, id, { most: 4 })));
      const attempts = answers.flatMap((answer) => answer.granted.map((one) => one.attemptId));
      expect(attempts).toHaveLength(25);
      expect(new Set(attempts).size).toBe(25);
      await subject.check(id, 60);
    });

    test('admits and settles from everywhere at once without a conflict', async () => {
      const { store, others } = subject;
      const id = await startRun(store, numbered(40));
      const work = async (each: typeof store) => {
        for (;;) {
          const { granted } = await admit(each, id, { most: 3, limits: [limit, second] });
          if (granted.length === 0) return;
          const ends = granted.map((ticket, place) =>
            place === 1
              ? each.markUnknown(ticket.attemptId, 'worker', 'time-out')
              : each.settle({
                  ...settlement(ticket.attemptId, 'd'),
                  lessons: [{ limit: second, announced: 1_000 }],
                }),
          );
          await Promise.all([
            ...ends,
            each.decideUnknown(id),
            each.learn([{ limit, announced: 500 }]),
          ]);
        }
      };
      const [limit, second] = [windowLimit(undefined), windowLimit(undefined)];
      await Promise.all([store, ...others.slice(0, 7)].map(work));
      while ((await store.decideUnknown(id)) > 0) await work(store);
      await work(store);
      expect(await store.counts(id)).toMatchObject({ delivered: 40, waiting: 0, unknown: 0 });
      const held = (await collect(store.ledger(id))).filter((line) => line.account === 'held');
      expect(held.reduce((sum, line) => sum + line.creditMicros, 0)).toBe(0);
    });

    test('names the state in what it does not allow', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      await store.changeRun(id, { state: 'done' });
      const error = await store.changeRun(id, { state: 'paused' }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(IllegalStateError);
      expect((error as Error).message).toMatch(
        new RegExp(`Run ${id} is done and cannot become paused`),
      );
      await expect(store.changeRun('no-such-run', { state: 'done' })).rejects.toThrow(
        'There is no run no-such-run',
      );
    });
  });
}
