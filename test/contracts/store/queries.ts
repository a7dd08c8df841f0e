import { describe, expect, test } from 'vitest';
import { itemId } from '../../../src/engine/core/ids.ts';
import { admit, collect, picture, plannedRow, startRun } from '../../support/store-run.ts';
import { sendAll, settlement } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeQueries(subject: Subject): void {
  describe('what the doors ask', () => {
    test('records come in the order of the sheet and of a row’s images', async () => {
      const { store } = subject;
      const sheet = Array.from({ length: 400 }, (_, place) => ({
        prompt: `picture ${place}`,
        count: 1 + (place % 3),
      }));
      const id = await startRun(store, sheet);
      const places = (await collect(store.records(id))).map(
        ({ row, index }) => row.number * 10 + index,
      );
      expect(places).toHaveLength(799);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    });

    test('records are filtered by state, by proof and by what is not in the out folder yet', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl', 'a lynx', 'a hare'], {
        proofOf: ['an owl'],
      });
      await store.changeRun(id, { state: 'running', phase: 'main' });
      const { granted } = await admit(store, id, { most: 3 });
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      await store.settle(settlement(granted[1]!.attemptId, 'd'));
      await store.settle(settlement(granted[2]!.attemptId, 'r'));
      await store.setFiles([{ itemId: itemId(id, granted[0]!.row.key, 1), file: '1-a-fox-1.png' }]);
      const prompts = async (filter: Parameters<typeof store.records>[1]) =>
        (await collect(store.records(id, filter))).map((record) => record.row.prompt);
      expect(await prompts({ states: ['refused', 'waiting'] })).toEqual(['a lynx', 'a hare']);
      expect(await prompts({ states: [] })).toEqual([]);
      expect(await prompts({ proof: true })).toEqual(['an owl']);
      expect(await prompts({ proof: false })).toEqual(['a fox', 'a lynx', 'a hare']);
      expect(await prompts({ undelivered: true })).toEqual(['an owl']);
      expect(await prompts({ made: true })).toEqual(['a fox', 'an owl']);
      const [first] = await collect(store.records(id));
      expect(first).toMatchObject({ file: '1-a-fox-1.png', state: 'delivered' });
      expect(await store.record(first!.itemId)).toEqual(first);
      expect(await store.record('no-such-item')).toBeUndefined();
    });

    test('what was found of files is forgotten with them, and nothing else is', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const { granted } = await admit(store, id);
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      const item = itemId(id, granted[0]!.row.key, 1);
      const flags = [{ kind: 'changed-file' }, { kind: 'blank' }, { kind: 'unmarked' }] as const;
      await store.setFindings([{ itemId: item, flags: [...flags] }]);
      expect(await store.record(item)).toMatchObject({ flags });
      await store.setFiles([{ itemId: item, file: 'fox.jpg', finishedBy: 'jpeg 80, marks: all' }]);
      expect((await store.record(item))?.flags).toEqual([{ kind: 'blank' }]);
    });

    test('files that are begun are no files of their item until they are said to be there', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const { granted } = await admit(store, id);
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      const item = itemId(id, granted[0]!.row.key, 1);
      const files = { file: 'fox.webp', moreFiles: [{ output: 'thumb', file: 'fox-thumb.webp' }] };
      await store.beginFiles(item, { ...files, finishedBy: 'webp 80, marks: all' });
      const begun = await store.record(item);
      expect(begun).toMatchObject({ begun: { ...files, finishedBy: 'webp 80, marks: all' } });
      expect(begun).not.toHaveProperty('file');
      expect(begun).not.toHaveProperty('moreFiles');
      expect(begun).not.toHaveProperty('finishedBy');
      expect(await collect(store.records(id, { undelivered: true }))).toHaveLength(1);
      await store.setFiles([{ itemId: item, ...files, finishedBy: 'webp 80, marks: all' }]);
      const placed = await store.record(item);
      expect(placed).toMatchObject({ ...files, finishedBy: 'webp 80, marks: all' });
      expect(placed).not.toHaveProperty('begun');
      expect(await collect(store.records(id, { undelivered: true }))).toEqual([]);
    });

    test('the items of an image are found by its hash, in whichever runs they are', async () => {
      const { store } = subject;
      const shared = picture(`shared ${await store.now()}`);
      const places: { runId: string; itemId: string }[] = [];
      for (const prompt of ['a fox', 'an owl']) {
        const id = await startRun(store, [prompt]);
        const { granted } = await admit(store, id);
        // Other runs of this store have pictures of their own.
        await store.settle({
          ...settlement(granted[0]!.attemptId, 'd'),
          outcomes: [{ index: 0, state: 'delivered', image: shared }],
        });
        places.push({ runId: id, itemId: itemId(id, granted[0]!.row.key, 1) });
      }
      const found = await store.itemsOfImage(shared.hash);
      expect(found).toHaveLength(2);
      expect(found).toEqual(
        expect.arrayContaining(places.map((each) => expect.objectContaining(each))),
      );
      expect(found[0]).toMatchObject({ row: 1, index: 1 });
      expect(await store.itemsOfImage('no such hash')).toEqual([]);
    });

    test('a record has all that delivery needs', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 2, name: 'reynard' }]);
      const { key } = plannedRow(1, { prompt: 'a fox' });
      expect(await store.record(itemId(id, key, 2))).toEqual({
        itemId: itemId(id, key, 2),
        row: {
          number: 1,
          line: 2,
          prompt: 'a fox',
          name: 'reynard',
          cells: { prompt: 'a fox', name: 'reynard' },
        },
        index: 2,
        count: 2,
        model: 'a-model',
        vendor: 'a-vendor',
        sentPrompt: 'a fox',
        size: { width: 1024, height: 1024 },
        quality: 'medium',
        state: 'waiting',
        creditMicros: 0,
        attempt: 0,
      });
    });

    test('a waiting image says what its lane waits for', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      await store.setWaits(id, 'worker', { 'a-model': { limit: 'l', reason: '5 of 5 used' } });
      expect(await collect(store.records(id))).toMatchObject([{ reason: '5 of 5 used' }]);
    });

    test('images are counted by state, and by model and state', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', { prompt: 'an owl', model: 'b-model', count: 2 }]);
      await sendAll(store, id);
      expect(await store.counts(id)).toEqual({
        delivered: 1,
        refused: 0,
        failed: 0,
        unknown: 0,
        waiting: 2,
        sent: 0,
        cancelled: 0,
      });
      expect(await store.countsByModel(id)).toEqual([
        { model: 'a-model', lane: 'live', state: 'delivered', items: 1 },
        { model: 'b-model', lane: 'live', state: 'waiting', items: 2 },
      ]);
      expect(await store.waitingLanes(id)).toEqual([
        { lane: 'b-model', requests: 1, notBefore: 0 },
      ]);
    });

    test('the ledger moves credits from available to held, to spent and back', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 2 }]);
      const [ticket] = (await admit(store, id)).granted;
      await store.settle(settlement(ticket!.attemptId, 'dr'));
      const lines = (await collect(store.ledger(id))).map(
        ({ kind, account, creditMicros }) => `${kind} ${account} ${creditMicros}`,
      );
      expect(lines.sort()).toEqual([
        'hold available -4800000',
        'hold held 4800000',
        'post held -2400000',
        'post spent 2400000',
        'void available 2400000',
        'void held -2400000',
      ]);
    });

    test('the journal tells everything once, in order and without a gap', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl']);
      const { granted } = await admit(store, id);
      await store.accepted(granted[0]!.attemptId, 'worker', { ref: 'task-7' });
      await store.settle(settlement(granted[0]!.attemptId, 'd'));
      await store.markUnknown(granted[1]!.attemptId, 'worker', 'time-out');
      await store.decideUnknown(id);
      await store.changeRun(id, { state: 'stopped', reason: 'interrupted' });
      const journal = await collect(store.journal(id));
      expect(journal.map(({ sequence, event }) => `${sequence} ${event.type}`)).toEqual([
        '1 run-planned',
        '2 run-started',
        '3 attempt-sent',
        '4 attempt-sent',
        '5 attempt-accepted',
        '6 attempt-settled',
        '7 attempt-unknown',
        '8 unknown-decided',
        '9 run-stopped',
      ]);
      expect(journal[1]!.event).toEqual({ type: 'run-started', worker: 'worker' });
      expect(await collect(store.journal(id, 7))).toEqual(journal.slice(7));
    });

    test('every sending is told with what was recorded of it, of a run or of a time', async () => {
      const { store } = subject;
      const id = await startRun(store, [
        { prompt: 'a fox', count: 2 },
        'an owl',
        'a lynx',
        'a hare',
      ]);
      const { granted } = await admit(store, id, { most: 3 });
      const [fox, owl, lynx] = granted.map(({ attemptId }) => attemptId);
      await store.accepted(fox!, 'worker', { ref: 'task-1' });
      await store.settle(settlement(fox!, 'dr'));
      await store.markUnknown(owl!, 'worker', 'lost');
      const sent = await collect(store.sentAttempts({ runId: id }));
      expect(new Set(sent.map(({ attemptId }) => attemptId))).toEqual(new Set([fox, owl, lynx]));
      const byId = new Map(sent.map((attempt) => [attempt.attemptId, attempt]));
      expect(byId.get(fox!)).toMatchObject({
        runId: id,
        lane: 'a-model',
        state: 'settled',
        ref: 'task-1',
        images: 2,
        made: 1,
        usdMicros: expect.any(Number),
      });
      expect(byId.get(owl!)).toMatchObject({ state: 'unknown', images: 1, made: 0 });
      expect(byId.get(owl!)).not.toHaveProperty('usdMicros');
      expect(byId.get(lynx!)).toMatchObject({ state: 'sent' });
      // What is bought again leaves the record of the first time as it was.
      await store.retry(id, 'refused');
      const made = (await collect(store.sentAttempts({ runId: id }))).map((each) => each.made);
      expect(made.toSorted((one, other) => one - other)).toEqual([0, 0, 1]);
      const { sentAt } = byId.get(fox!)!;
      const during = await collect(store.sentAttempts({ from: sentAt - 1, to: sentAt + 60_000 }));
      expect(during.map(({ attemptId }) => attemptId)).toContain(fox);
      const before = await collect(store.sentAttempts({ from: 0, to: sentAt - 1 }));
      expect(before.map(({ attemptId }) => attemptId)).not.toContain(fox);
    });
  });
}
