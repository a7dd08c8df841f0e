import { describe, expect, test } from 'vitest';
import { noFlags } from '../../support/no-flags.ts';
import { itemId } from '../../../src/engine/core/ids.ts';
import type { PictureMeasures } from '../../../src/engine/core/picture-measures.ts';
import type { AttemptTicket } from '../../../src/engine/store/store.ts';
import { admit, collect, picture, type RowWords, startRun } from '../../support/store-run.ts';
import type { Subject } from './subject.ts';

export function describeQuality(subject: Subject): void {
  describe('what is measured of pictures', () => {
    test('is kept with the place in the streak, and read in the order of the sheet', async () => {
      const { store } = subject;
      const id = await startRun(store, [
        { prompt: 'a fox', count: 3, streak: 11 },
        { prompt: 'an owl', streak: 14 },
      ]);
      const { granted } = await admit(store, id);
      for (const ticket of granted.toReversed()) await deliver(subject, ticket, 400);
      const items = await collect(store.measured(id));
      expect(items.map(({ row, index, streak }) => [row, index, streak])).toEqual([
        [1, 1, 11],
        [1, 2, 12],
        [1, 3, 13],
        [2, 1, 14],
      ]);
      expect(items[0]).toEqual({
        itemId: itemId(id, granted[0]!.row.key, 1),
        row: 1,
        index: 1,
        model: 'a-model',
        streak: 11,
        references: [],
        measures: measures(400),
      });
      const two = [items[3]!.itemId, items[1]!.itemId];
      expect(
        (await collect(store.measured(id, { itemIds: two }))).map(({ itemId: each }) => each),
      ).toEqual(two.toReversed());
      expect(await collect(store.measured(id, { itemIds: [] }))).toEqual([]);
      const rows = async (filter: Parameters<typeof store.measured>[1]) =>
        (await collect(store.measured(id, filter))).map(({ row }) => row);
      expect(await rows({ fromRow: 2 })).toEqual([2]);
      expect(await rows({ toRow: 1 })).toEqual([1, 1, 1]);
      await store.setFindings([{ itemId: two[1]!, flags: [] }]);
      expect(await rows({ unjudged: true })).toEqual([1, 1, 2]);
    });

    test('findings are written down and shown with the record, until the picture is another', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl']);
      const { granted } = await admit(store, id);
      await deliver(subject, granted[0]!, 400);
      await store.settle({
        attemptId: granted[1]!.attemptId,
        workerId: 'worker',
        outcomes: [
          {
            index: 0,
            state: 'failed',
            reason: 'blank',
            image: picture('blank'),
            flag: { kind: 'blank' },
          },
        ],
        usdMicros: 60_000,
      });
      const [fox, owl] = granted.map(({ row }) => itemId(id, row.key, 1));
      await store.setFindings([
        { itemId: fox!, flags: [{ kind: 'drifted', from: 'start' }], drift: 0.4 },
        // It was not delivered: nothing may be said of it any more.
        { itemId: owl!, flags: [], drift: 0.1 },
      ]);
      expect(await store.record(fox!)).toMatchObject({
        detail: 400,
        drift: 0.4,
        flags: [{ kind: 'drifted', from: 'start' }],
      });
      expect(await store.record(owl!)).toMatchObject({ flags: [{ kind: 'blank' }] });
      expect((await collect(store.measured(id)))[0]).toMatchObject({
        drift: 0.4,
        flags: [{ kind: 'drifted', from: 'start' }],
      });
      expect(await store.flagCounts(id)).toEqual({ ...noFlags(), blank: 1, drifted: 1 });
      await store.setFiles([
        { itemId: fox!, file: '1.png', screening: [{ label: 'sexy', score: 0.8 }] },
      ]);
      // Judging again forgets nothing of what was screened.
      await store.setFindings([{ itemId: fox!, flags: [{ kind: 'drifted', from: 'start' }] }]);
      expect(await store.record(fox!)).toMatchObject({
        isScreened: true,
        flags: [
          { kind: 'drifted', from: 'start' },
          { kind: 'screened', label: 'sexy', score: 0.8 },
        ],
      });
      expect(await store.flagCounts(id)).toMatchObject({ drifted: 1, screened: 1 });
      await store.setFindings([{ itemId: fox!, flags: [], screening: [] }]);
      expect(await store.record(fox!)).toMatchObject({ isScreened: true, flags: [] });
      await store.retry(id, 'failed');
      const again = await admit(store, id);
      await deliver(subject, again.granted[0]!, 300);
      const record = await store.record(owl!);
      expect(record).toMatchObject({ state: 'delivered', detail: 300 });
      expect(record?.flags).toBeUndefined();
    });

    test('a curve sums up neighbouring places of the streaks of each model', async () => {
      const { store } = subject;
      const id = await startRun(store, [
        { prompt: 'a', streak: 1 },
        { prompt: 'b', streak: 2 },
        { prompt: 'c', streak: 11 },
        { prompt: 'd', streak: 1 },
        { prompt: 'e', streak: 1, model: 'other' },
        { prompt: 'f', streak: 2, canary: 1 },
      ]);
      expect(await store.longestStreak(id)).toBe(0);
      const details = [100, 400, 50, 200, 7, 900];
      const granted = [
        ...(await admit(store, id)).granted,
        ...(await admit(store, id, { lane: 'other' })).granted,
      ];
      for (const ticket of granted) {
        await deliver(subject, ticket, details[ticket.row.row.number - 1]!);
      }
      const curve = await store.detailCurve(id, 10);
      expect(curve.map(({ model, from, images }) => [model, from, images])).toEqual([
        ['a-model', 1, 3],
        ['a-model', 11, 1],
        ['other', 1, 1],
      ]);
      for (const [at, detail] of [200, 50, 7].entries()) {
        expect(curve[at]!.detail).toBeCloseTo(detail, 6);
      }
      expect(await store.longestStreak(id)).toBe(11);
      const parts = [
        { after: 0, until: 1 },
        { after: 3, until: 4 },
      ];
      expect(await store.longestStreak(id, parts)).toBe(1);
      const [point, ...others] = await store.detailCurve(id, 10, parts);
      expect(point).toMatchObject({ model: 'a-model', from: 1, images: 2 });
      expect(others).toEqual([]);
    });

    test('waiting requests are given to another model a page at a time, in their order', async () => {
      const { store } = subject;
      const sheet = Array.from({ length: 450 }, (_, at) => ({ prompt: `picture ${at + 1}` }));
      const id = await startRun(store, sheet);
      let streak = 0;
      let next: number | undefined = -1;
      const pages: number[] = [];
      while (next !== undefined) {
        const page = await store.amendWaiting(
          id,
          'a-model',
          (row, indexes) => {
            // What may not move is passed over, and does not come again.
            if (row.row.number % 3 === 0) return [];
            streak += 1;
            return [
              {
                indexes,
                amendment: { model: 'other', by: 'rotation', streak },
                lane: 'other',
                creditMicrosPerImage: 5,
                worstUsdMicros: 6,
                expectedUsdMicros: 6,
              },
            ];
          },
          next,
        );
        pages.push(page.items);
        ({ next } = page);
      }
      expect(pages).toEqual([134, 133, 33]);
      const { granted } = await admit(store, id, { lane: 'other', most: 3 });
      expect(granted.map(({ row }) => [row.row.number, row.streak])).toEqual([
        [1, 1],
        [2, 2],
        [4, 3],
      ]);
      expect(await store.pricedRequests(id, 'waiting')).toMatchObject({ items: 447 });
    });

    test('the ends of a model’s queue leave canaries out, which are read by themselves', async () => {
      const { store } = subject;
      const sheet: RowWords[] = Array.from({ length: 6 }, (_, at) => ({
        prompt: `picture ${at + 1}`,
        streak: at + 1,
      }));
      sheet.splice(3, 0, { prompt: 'canary', canary: 2 });
      sheet.splice(1, 0, { prompt: 'first canary', canary: 1 });
      const id = await startRun(store, sheet);
      const { granted } = await admit(store, id);
      for (const ticket of granted) await deliver(subject, ticket, ticket.row.row.number);
      const ends = async (end: 'first' | 'last') =>
        (await store.measuredAtEnd(id, 'a-model', end, 3)).map(({ row }) => row);
      expect(await ends('first')).toEqual([1, 3, 4]);
      expect(await ends('last')).toEqual([8, 7, 6]);
      expect(await store.measuredAtEnd(id, 'other', 'first', 3)).toEqual([]);
      expect((await store.canaries(id)).map(({ canary, row }) => [canary, row])).toEqual([
        [1, 2],
        [2, 5],
      ]);
      expect(await store.countRows(id)).toBe(6);
    });
  });
}

async function deliver({ store }: Subject, ticket: AttemptTicket, detail: number): Promise<void> {
  await store.settle({
    attemptId: ticket.attemptId,
    workerId: 'worker',
    outcomes: ticket.indexes.map((index, place) => ({
      index: place,
      state: 'delivered',
      image: { ...picture(`${ticket.row.key} ${index}`), measures: measures(detail) },
    })),
    ...(ticket.row.streak !== undefined && { streak: ticket.row.streak }),
    usdMicros: 60_000 * ticket.indexes.length,
  });
}

function measures(detail: number): PictureMeasures {
  return { detail, fingerprint: '0f'.repeat(16), signature: '80'.repeat(48) };
}
