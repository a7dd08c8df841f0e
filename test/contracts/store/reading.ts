import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/engine/store/store.ts';
import {
  admit,
  collect,
  outcomes,
  plannedRow,
  planOf,
  readSheet,
  type RowWords,
  startRun,
} from '../../support/store-run.ts';
import type { Subject } from './subject.ts';

export function describeReading(subject: Subject): void {
  describe('reading a sheet', () => {
    const prompts = async (runId: string) =>
      (await collect(subject.store.records(runId))).map(
        (record) => `${record.row.number}.${record.index} ${record.row.prompt} ${record.state}`,
      );

    test('makes every image of a new sheet wait', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', { prompt: 'an owl', count: 3, pack: 2 }]);
      expect(await prompts(id)).toEqual([
        '1.1 a fox waiting',
        '2.1 an owl waiting',
        '2.2 an owl waiting',
        '2.3 an owl waiting',
      ]);
      expect(await store.waitingLanes(id)).toEqual([
        { lane: 'a-model', requests: 3, notBefore: 0 },
      ]);
      expect(await store.countRows(id)).toBe(2);
      await subject.check(id, 4);
    });

    test('reads a thousand rows in several pieces', async () => {
      const { store } = subject;
      const sheet = Array.from({ length: 1_050 }, (_, place) => `picture ${place}`);
      const id = await startRun(store, sheet);
      expect(await collect(store.records(id))).toHaveLength(1_050);
      expect(await collect(store.rowsForProof(id))).toHaveLength(1_050);
      await readSheet(store, id, sheet);
      await subject.check(id, 1_050);
    });

    test('buys nothing again when the same sheet is read once more', async () => {
      const { store } = subject;
      const sheet = ['a fox', { prompt: 'an owl', count: 2 }, 'a lynx'];
      const id = await startRun(store, sheet);
      await sendAll(store, id);
      expect(await readSheet(store, id, sheet)).toEqual({
        newItems: 0,
        keptItems: 4,
        droppedItems: 0,
      });
      expect(await store.waitingLanes(id)).toEqual([]);
      await subject.check(id, 4);
    });

    test('buys only the rows that were edited', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx']);
      await sendAll(store, id);
      const reading = await readSheet(store, id, ['a fox', 'a snowy owl', 'a lynx']);
      expect(reading).toEqual({ newItems: 1, keptItems: 2, droppedItems: 1 });
      expect(await prompts(id)).toEqual([
        '1.1 a fox delivered',
        '2.1 a snowy owl waiting',
        '3.1 a lynx delivered',
      ]);
      await subject.check(id, 3);
    });

    test('lets rows move, with what is still to be sent in the new order', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx']);
      await sendAll(store, id, 1);
      await readSheet(store, id, ['a lynx', 'an owl', { prompt: 'a fox', name: 'reynard' }]);
      expect(await prompts(id)).toEqual([
        '1.1 a lynx waiting',
        '2.1 an owl waiting',
        '3.1 a fox delivered',
      ]);
      const [, , moved] = await collect(store.records(id));
      expect(moved?.row).toEqual({
        number: 3,
        line: 4,
        prompt: 'a fox',
        name: 'reynard',
        cells: { prompt: 'a fox', name: 'reynard' },
      });
      const { granted } = await admit(store, id);
      expect(granted.map((ticket) => ticket.row.prompt)).toEqual(['a lynx', 'an owl']);
    });

    test('buys only the additional images when a count is raised', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 2 }]);
      await sendAll(store, id);
      await readSheet(store, id, [{ prompt: 'a fox', count: 5 }]);
      const { granted } = await admit(store, id);
      expect(granted.map((ticket) => ticket.indexes)).toEqual([[3, 4, 5]]);
      await subject.check(id, 5);
    });

    test('takes images back out of requests that wait when a count is lowered', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 5, pack: 4 }]);
      const lowered = await readSheet(store, id, [{ prompt: 'a fox', count: 2, pack: 4 }]);
      expect(lowered.droppedItems).toBe(3);
      await subject.check(id, 2);
      const { granted } = await admit(store, id);
      expect(granted.map((ticket) => ticket.indexes)).toEqual([[1, 2]]);
      await readSheet(store, id, [{ prompt: 'a fox', count: 5, pack: 4 }]);
      await subject.check(id, 5);
      const rest = await admit(store, id);
      const indexes = rest.granted.flatMap((ticket) => ticket.indexes);
      expect(indexes.toSorted((a, b) => a - b)).toEqual([3, 4, 5]);
    });

    test('drops a row that left the sheet, and pays nothing when it comes back', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx']);
      await sendAll(store, id, 2);
      await readSheet(store, id, ['a lynx']);
      expect(await prompts(id)).toEqual(['1.1 a lynx waiting']);
      expect(await store.countRows(id)).toBe(1);
      await subject.check(id, 1);
      await readSheet(store, id, ['a fox', 'an owl', 'a lynx']);
      expect(await prompts(id)).toEqual([
        '1.1 a fox delivered',
        '2.1 an owl delivered',
        '3.1 a lynx waiting',
      ]);
      await subject.check(id, 3);
      const run = await store.findRun(id);
      await sendAll(store, id);
      expect((await store.findRun(id))?.postedCreditMicros).toBe((run!.postedCreditMicros / 2) * 3);
    });

    test('sends a waiting row that left and came back', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl']);
      await readSheet(store, id, ['an owl']);
      await readSheet(store, id, ['a fox', 'an owl']);
      const { granted } = await admit(store, id);
      expect(granted.map((ticket) => ticket.row.prompt)).toEqual(['a fox', 'an owl']);
    });

    test('retries only images that the sheet still asks for, and the others when they are back', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 3 }]);
      const [ticket] = (await admit(store, id)).granted;
      await store.settle(settlement(ticket!.attemptId, 'fff'));
      await readSheet(store, id, [{ prompt: 'a fox', count: 1 }]);
      expect(await store.retry(id, 'failed')).toBe(1);
      await subject.check(id, 1);
      await readSheet(store, id, [{ prompt: 'a fox', count: 3 }]);
      await subject.check(id, 3);
      expect(await prompts(id)).toEqual([
        '1.1 a fox waiting',
        '1.2 a fox failed',
        '1.3 a fox failed',
      ]);
      expect(await store.retry(id, 'failed')).toBe(2);
    });

    test('keeps in view what was sent when its row leaves', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl']);
      const [ticket] = (await admit(store, id, { most: 1 })).granted;
      await readSheet(store, id, ['an owl']);
      expect(await store.counts(id)).toMatchObject({ sent: 1, waiting: 1 });
      await store.settle(settlement(ticket!.attemptId, 'd'));
      await subject.check(id);
    });

    test('stays with a row’s model when the plan would choose another one now', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 2 }]);
      await sendAll(store, id);
      await readSheet(store, id, [{ prompt: 'a fox', count: 3, model: 'another-model' }]);
      expect(await store.waitingLanes(id)).toMatchObject([{ lane: 'a-model', requests: 1 }]);
      const [ticket] = (await admit(store, id)).granted;
      expect(ticket).toMatchObject({ indexes: [3], row: { model: 'a-model', count: 3 } });
    });

    test('says that a reading was not finished', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const revision = await store.beginReading(id);
      const line = { kind: 'row', row: plannedRow(1, { prompt: 'an owl' }) } as const;
      await store.putLines(id, revision, [line]);
      expect(await store.findRun(id)).toMatchObject({ reading: true, revision: 2 });
      await readSheet(store, id, ['an owl']);
      expect(await store.findRun(id)).toMatchObject({
        reading: false,
        revision: 3,
        plan: planOf([line]),
      });
      expect(await prompts(id)).toEqual(['1.1 an owl waiting']);
    });

    test('lists the lines that were left out, of the last reading only', async () => {
      const { store } = subject;
      const bad = (number: number) =>
        ({
          kind: 'skipped',
          row: { number, line: number + 1, reason: 'The prompt is empty', cells: { prompt: '' } },
        }) as const;
      const id = await startRun(store, []);
      await readSheet(store, id, ['a fox'], { skipped: [bad(2), bad(3)] });
      await readSheet(store, id, ['a fox'], { skipped: [bad(3)] });
      expect(await collect(store.skippedRows(id))).toEqual([bad(3).row]);
    });

    test('marks the proof that was picked last', async () => {
      const { store } = subject;
      const sheet: RowWords[] = ['a fox', 'an owl', 'a lynx'].map((prompt) => ({ prompt }));
      const id = await startRun(store, sheet, { proofOf: ['a fox'] });
      expect(await store.proofOpen(id)).toBe(1);
      await readSheet(store, id, sheet, { proof: ['an owl', 'a lynx'] });
      expect(await store.proofOpen(id)).toBe(2);
      const proof = await collect(store.records(id, { proof: true }));
      expect(proof.map((record) => record.row.prompt)).toEqual(['an owl', 'a lynx']);
    });
  });
}

export function settlement(attemptId: string, letters: string, worker = 'worker') {
  return {
    attemptId,
    workerId: worker,
    outcomes: outcomes(letters),
    usdMicros: letters.length * 50_000,
  };
}

/** Sends and delivers up to `most` requests. */
export async function sendAll(store: Store, runId: string, most = 1_000): Promise<void> {
  const { granted } = await admit(store, runId, { most });
  for (const ticket of granted) {
    await store.settle(settlement(ticket.attemptId, 'd'.repeat(ticket.indexes.length)));
  }
}
