import { describe, expect, test } from 'vitest';
import type { BundleRules } from '../../../src/engine/core/bundle.ts';
import type { RequestPrice } from '../../../src/engine/core/plan.ts';
import type { AdmitAnswer } from '../../../src/engine/store/store.ts';
import {
  admit,
  collect,
  PRICE,
  slotLimit,
  startRun,
  windowLimit,
} from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

const RULES: BundleRules = { mostRequests: 3, refusesWhole: false };
const LANE = 'a-model:batch';
const SHEET = ['a fox', 'an owl', 'a hare', 'a crow'].map((prompt) => ({
  prompt,
  byBatch: true as const,
}));

export function describeBundles(subject: Subject): void {
  const admitBundle = (runId: string, order: Parameters<typeof admit>[2] = {}) =>
    admit(subject.store, runId, { lane: LANE, bundle: RULES, ...order });

  const bundleOf = ({ granted }: AdmitAnswer): string => granted[0]!.bundleId!;

  const giveBack = (bundleId: string, workerId = 'worker') =>
    subject.store.returnBundle({
      bundleId,
      workerId,
      reason: 'nothing was taken',
      notBeforeMs: 0,
      countsAttempt: false,
    });

  describe('a bundle', () => {
    test('carries as many requests as its rules let it, each with a hold of its own', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const answer = await admitBundle(id);
      expect(answer.granted).toHaveLength(3);
      expect(new Set(answer.granted.map(({ bundleId }) => bundleId)).size).toBe(1);
      const run = await store.findRun(id);
      expect(run?.heldCreditMicros).toBe((3 * PRICE.creditMicros) / 2);
      expect(run?.heldUsdMicros).toBe((3 * PRICE.usdMicros) / 2);
      expect((await admitBundle(id)).granted).toHaveLength(1);
      expect(await admitBundle(id)).toMatchObject({ granted: [], empty: true });
    });

    test('is one request to the vendor, and as many images as it has', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const requests = windowLimit(5, { unit: 'requests' });
      const images = windowLimit(5);
      await admitBundle(id, { limits: [requests, images] });
      expect(await store.gauges([requests, images])).toMatchObject([{ used: 1 }, { used: 3 }]);
    });

    test('takes no more images than a limit lets through', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const limit = windowLimit(2);
      expect((await admitBundle(id, { limits: [limit] })).granted).toHaveLength(2);
      expect(await admitBundle(id, { limits: [limit] })).toMatchObject({
        granted: [],
        obstacle: { limit: limit.key },
      });
    });

    test('takes no more than the budget reaches for', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET, { budgetCreditMicros: PRICE.creditMicros });
      expect((await admitBundle(id)).granted).toHaveLength(2);
      expect((await admitBundle(id)).budget).toBeDefined();
    });

    test('is sized by the bytes of its results', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const results = { mostBytes: 2.5 * 1024 * 1024, bytesPerPixel: 1 };
      const { granted } = await admitBundle(id, { bundle: { ...RULES, results } });
      expect(granted).toHaveLength(2);
    });

    test('has its id at the vendor on all of its requests', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const bundle = bundleOf(await admitBundle(id));
      expect(await store.bundleAccepted(bundle, 'worker', 'batch-9')).toBe('done');
      expect(await store.openBundles(id)).toMatchObject([
        { id: bundle, ref: 'batch-9', requests: 3 },
      ]);
      expect(await store.openAttempts(id)).toMatchObject(
        Array.from({ length: 3 }, () => ({ state: 'accepted', ref: 'batch-9', bundleId: bundle })),
      );
    });

    test('shows what was unknown as sent when it is found', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const answer = await admitBundle(id);
      for (const { attemptId } of answer.granted) {
        await store.markUnknown(attemptId, 'worker', 'time-out');
      }
      await store.bundleAccepted(bundleOf(answer), 'worker', 'batch-9');
      expect(await store.counts(id)).toMatchObject({ sent: 3, unknown: 0, waiting: 1 });
    });

    test('ends line by line', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const { granted } = await admitBundle(id);
      await store.settle(settlement(granted[1]!.attemptId, 'd'));
      await store.settle(settlement(granted[0]!.attemptId, 'r'));
      expect(await store.counts(id)).toMatchObject({ delivered: 1, refused: 1, sent: 1 });
      const run = await store.findRun(id);
      expect(run?.postedCreditMicros).toBe(PRICE.creditMicros / 2);
      expect(run?.heldCreditMicros).toBe(PRICE.creditMicros / 2);
    });

    test('waits again as a whole where nothing of it was made, but for what has ended', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const slots = slotLimit(3);
      const answer = await admitBundle(id, { limits: [slots] });
      await store.settle(settlement(answer.granted[0]!.attemptId, 'd'));
      expect(await giveBack(bundleOf(answer))).toBe('done');
      expect(await store.counts(id)).toMatchObject({ delivered: 1, waiting: 3, sent: 0 });
      expect((await store.findRun(id))?.heldCreditMicros).toBe(0);
      expect((await store.gauges([slots]))[0]?.used).toBe(0);
      expect(await giveBack(bundleOf(answer))).toBe('fenced');
    });

    test('is only its worker’s, and moves to another with its attempts', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const answer = await admitBundle(id);
      const bundle = bundleOf(answer);
      expect(await store.bundleAccepted(bundle, 'somebody', 'batch-9')).toBe('fenced');
      expect(await giveBack(bundle, 'somebody')).toBe('fenced');
      for (const { attemptId } of answer.granted) {
        expect(await store.takeAttempt(attemptId, 'worker', 'somebody')).toBe(true);
      }
      expect(await store.bundleAccepted(bundle, 'somebody', 'batch-9')).toBe('done');
      expect(await giveBack(bundle)).toBe('fenced');
    });

    test('gives its requests ids that differ from bundle to bundle', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      const first = await admitBundle(id);
      await giveBack(bundleOf(first));
      const second = await admitBundle(id);
      expect(bundleOf(second)).not.toBe(bundleOf(first));
      expect(second.granted.map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
    });
  });

  describe('the way to the live lane', () => {
    test('takes what waits there, at the live price, and leaves what was sent', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET);
      await admitBundle(id);
      expect(await store.moveToLive(id, LANE, 'a-model')).toBe(1);
      expect(await store.openRequestSizes(id, LANE)).toEqual({ 1: 3 });
      const [ticket] = (await admit(store, id)).granted;
      expect(ticket?.creditMicrosPerImage).toBe(PRICE.creditMicros);
      expect((await store.findRun(id))?.heldUsdMicros).toBe(2.5 * PRICE.usdMicros);
      expect(await store.moveToLive(id, LANE, 'a-model')).toBe(0);
    });

    test('is left again for the batch lane by what waits, at its price', async () => {
      const { store } = subject;
      const sheet = ['a fox', 'an owl', { prompt: 'a hare', usdMicros: null }];
      const id = await startRun(store, sheet);
      await admit(store, id, { most: 1 });
      const half = (live: RequestPrice): RequestPrice => ({
        creditMicrosPerImage: live.creditMicrosPerImage / 2,
        worstUsdMicros: live.worstUsdMicros && live.worstUsdMicros / 2,
        expectedUsdMicros: live.expectedUsdMicros && live.expectedUsdMicros / 2,
      });
      expect(await store.moveToBatch(id, 'a-model', LANE, half)).toBe(2);
      expect(await store.moveToBatch(id, 'a-model', LANE, half)).toBe(0);
      const byBatch = await admitBundle(id);
      const prices = ({ granted }: AdmitAnswer) =>
        granted.map((ticket) => ticket.creditMicrosPerImage);
      expect(prices(byBatch)).toEqual([PRICE.creditMicros / 2, PRICE.creditMicros / 2]);
      expect((await store.findRun(id))?.heldUsdMicros).toBe(1.5 * PRICE.usdMicros);
      await giveBack(bundleOf(byBatch));
      expect(await store.moveToLive(id, LANE, 'a-model')).toBe(2);
      expect(prices(await admit(store, id))).toEqual([PRICE.creditMicros, PRICE.creditMicros]);
    });

    test('is taken by a sample at once', async () => {
      const { store } = subject;
      const id = await startRun(store, SHEET, { proofOf: ['an owl'] });
      const { granted } = await admit(store, id);
      expect(granted.map(({ row }) => row.prompt)).toEqual(['an owl']);
      expect(granted[0]?.creditMicrosPerImage).toBe(PRICE.creditMicros);
      expect((await collect(store.records(id))).map(({ state }) => state)).toEqual([
        'waiting',
        'sent',
        'waiting',
        'waiting',
      ]);
    });
  });

  describe('an amendment', () => {
    test('asks for what ended in another way, at its own price, and keeps the row', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl']);
      const { granted } = await admit(store, id);
      await store.settle(settlement(granted[0]!.attemptId, 'r'));
      await store.settle(settlement(granted[1]!.attemptId, 'd'));
      const amended = await store.amendEnded(id, { states: ['refused'] }, (row, indexes) => [
        {
          indexes,
          amendment: { model: 'b-model', prompt: `${row.prompt}, asleep`, by: 'retry' },
          lane: 'b-model',
          creditMicrosPerImage: 7,
          worstUsdMicros: 9,
          expectedUsdMicros: 8,
        },
      ]);
      expect(amended).toBe(1);
      const [ticket] = (await admit(store, id, { lane: 'b-model' })).granted;
      expect(ticket).toMatchObject({
        creditMicrosPerImage: 7,
        generation: 1,
        row: { model: 'b-model', prompt: 'a fox, asleep', row: { prompt: 'a fox' } },
      });
      const records = await collect(store.records(id));
      expect(records.map(({ model, state }) => [model, state])).toEqual([
        ['b-model', 'sent'],
        ['a-model', 'delivered'],
      ]);
    });

    test('moves waiting requests in pieces, and leaves those it does not want', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 3 }, 'an owl']);
      const moved = await store.amendWaiting(id, 'a-model', (row, indexes) =>
        row.prompt === 'an owl'
          ? []
          : indexes.map((index) => ({
              indexes: [index],
              amendment: { model: 'b-model', by: 'rotation' as const },
              lane: 'b-model',
              creditMicrosPerImage: 5,
              worstUsdMicros: undefined,
              expectedUsdMicros: undefined,
            })),
      );
      expect(moved).toEqual({ items: 3 });
      expect((await admit(store, id, { lane: 'b-model' })).granted).toHaveLength(3);
      expect((await admit(store, id)).granted).toHaveLength(1);
      expect(await store.counts(id)).toMatchObject({ sent: 4, waiting: 0 });
    });
  });
}
