import { describe, expect, test } from 'vitest';
import { OWN_TURNS } from '../../../src/engine/core/admission.ts';
import type { FinishingTask } from '../../../src/engine/store/finishing-store.ts';
import { admit, startRun } from '../../support/store-run.ts';
import { settlement } from './reading.ts';
import type { Subject } from './subject.ts';

const LONG = 60_000;
const PROMPTS = Array.from({ length: 20 }, (_, place) => `a fox, number ${place}`);
const LOAD = { runs: 1, hands: 2, inFlight: 3, finishing: 4, ended: 5, finished: 6 };

export function describeWorkers(subject: Subject): void {
  /** `leaseMs` from now on; a negative one is over. */
  async function register(id: string, leaseMs = LONG): Promise<void> {
    const { store } = subject;
    const leaseUntil = (await store.now()) + leaseMs;
    await store.registerWorker(
      { id, host: 'far', pid: 7, incarnation: 'x', leaseUntil },
      { version: '1.2.3', kinds: ['runs'], capabilities: ['vendor:demo'], imagesPlace: 'here' },
    );
  }

  describe('workers', () => {
    test('are registered with what they say of themselves, and what they do', async () => {
      const { store } = subject;
      await register('w1');
      expect(await store.renewWorker('w1', 2 ** 50, { load: LOAD, isDraining: true })).toBe(true);
      expect(await store.registeredWorkers()).toEqual([
        expect.objectContaining({
          id: 'w1',
          leaseUntil: 2 ** 50,
          facts: expect.objectContaining({ version: '1.2.3', kinds: ['runs'] }),
          load: LOAD,
          drainingAt: expect.any(Number),
        }),
      ]);
      await store.removeWorker('w1');
      expect(await store.registeredWorkers()).toEqual([]);
    });

    test('one that lives by its lease cannot be ended; one whose lease is over can, and only once renews', async () => {
      const { store } = subject;
      await register('lives');
      await register('late', -1);
      expect(await store.fenceWorker('lives', false)).toBe(false);
      expect(await store.findWorker('lives')).toBeDefined();
      expect(await store.renewWorker('late', 2 ** 50)).toBe(true);
      expect(await store.fenceWorker('late', false)).toBe(false);
      await register('gone', -1);
      expect(await store.fenceWorker('gone', false)).toBe(true);
      expect(await store.fenceWorker('gone', false)).toBe(true);
      expect(await store.renewWorker('gone', 2 ** 50)).toBe(false);
      expect(await store.findWorker('gone')).toBeUndefined();
      // Whose process has certainly ended needs no lease to be over.
      expect(await store.fenceWorker('lives', true)).toBe(true);
    });

    test('one that was ended is granted nothing, and may still settle what nobody took from it', async () => {
      const { store } = subject;
      await register('frozen', -1);
      const runId = await startRun(store, ['a fox', 'an owl'], { worker: 'frozen' });
      const [ticket] = (await admit(store, runId, { workerId: 'frozen', most: 1 })).granted;
      await store.fenceWorker('frozen', false);
      const refused = await admit(store, runId, { workerId: 'frozen', most: 1 });
      expect(refused).toMatchObject({ granted: [], fenced: true });
      expect(await store.settle(settlement(ticket!.attemptId, 'd', 'frozen'))).toBe('done');
    });

    test('a run asks for hands, also where its owner has no more places, but not where a limit is in the way', async () => {
      const { store } = subject;
      await store.createWorkspace({ id: 'hands', name: 'Hands' });
      const payer = { workspace: 'hands', origin: 'api' } as const;
      const runId = await startRun(store, PROMPTS, { worker: 'owner', payer });
      const lanesFor = async (worker: string) =>
        (await store.runsWithWork(worker)).flatMap(({ id, lanes }) => (id === runId ? lanes : []));
      expect(await lanesFor('owner')).toEqual([]);
      expect(await lanesFor('hand')).toEqual(['a-model']);
      await store.setWaits(runId, 'owner', { 'a-model': { limit: OWN_TURNS, reason: 'full' } });
      expect(await lanesFor('hand')).toEqual(['a-model']);
      await store.setWaits(runId, 'owner', { 'a-model': { limit: 'a/window', reason: 'full' } });
      expect(await lanesFor('hand')).toEqual([]);
    });

    test('a hand is granted requests until the run is asked to stop, or it leaves', async () => {
      const { store } = subject;
      const runId = await startRun(store, PROMPTS, { worker: 'owner' });
      expect((await admit(store, runId, { workerId: 'hand', most: 1 })).fenced).toBe(true);
      expect(await store.joinRun(runId, 'hand')).toBe(true);
      const [ticket] = (await admit(store, runId, { workerId: 'hand', most: 1 })).granted;
      expect(ticket).toBeDefined();
      expect((await store.handsOf(runId, 'owner')).map(({ workerId }) => workerId)).toEqual([
        'hand',
      ]);
      await store.askRun(runId, 'pause');
      expect((await admit(store, runId, { workerId: 'hand', most: 1 })).fenced).toBe(true);
      expect(await store.joinRun(runId, 'another')).toBe(false);
      expect((await admit(store, runId, { workerId: 'owner', most: 1 })).granted).toHaveLength(1);
      await store.askRun(runId, null);
      await store.leaveRun(runId, 'hand');
      expect((await admit(store, runId, { workerId: 'hand', most: 1 })).fenced).toBe(true);
      // What it has sent is still its own.
      expect(await store.settle(settlement(ticket!.attemptId, 'd', 'hand'))).toBe('done');
    });

    test('an owner is told what others’ attempts came to, once, and nothing of its own', async () => {
      const { store } = subject;
      const runId = await startRun(store, PROMPTS, { worker: 'owner' });
      await store.joinRun(runId, 'hand');
      const before = await store.lastEvent(runId);
      const [own] = (await admit(store, runId, { workerId: 'owner', most: 1 })).granted;
      const [first, second] = (await admit(store, runId, { workerId: 'hand', most: 2 })).granted;
      await store.settle(settlement(own!.attemptId, 'd', 'owner'));
      await store.settle(settlement(first!.attemptId, 'd', 'hand'));
      await store.markUnknown(second!.attemptId, 'hand', 'cut');
      const page = await store.newsElsewhere(runId, 'owner', before);
      expect(page.news.map(({ what, attemptId }) => [what, attemptId])).toEqual([
        ['sent', first!.attemptId],
        ['sent', second!.attemptId],
        ['settled', first!.attemptId],
        ['unknown', second!.attemptId],
      ]);
      expect(page.news[2]).toMatchObject({ outcomes: { delivered: 1, refused: 0, failed: 0 } });
      expect(page.last).toBe(await store.lastEvent(runId));
      expect((await store.newsElsewhere(runId, 'owner', page.last)).news).toEqual([]);
    });

    test('files are written down by whoever owns the run only', async () => {
      const { store } = subject;
      const runId = await startRun(store, ['a fox'], { worker: 'owner' });
      const [ticket] = (await admit(store, runId, { workerId: 'owner', most: 1 })).granted;
      await store.settle(settlement(ticket!.attemptId, 'd', 'owner'));
      let itemId = '';
      for await (const record of store.records(runId)) itemId = record.itemId;
      const begun = { file: 'a.png', moreFiles: [], finishedBy: 'as made' };
      expect(await store.beginFiles(itemId, begun, 'frozen')).toBe('fenced');
      expect(await store.setFiles([{ itemId, file: 'a.png' }], 'frozen')).toBe('fenced');
      expect((await store.record(itemId))?.file).toBeUndefined();
      expect(await store.setFiles([{ itemId, file: 'b.png' }], 'owner')).toBe('done');
      expect((await store.record(itemId))?.file).toBe('b.png');
    });
  });

  describe('pictures that are offered to be finished', () => {
    const task = (id: string, needs: readonly string[] = []): FinishingTask => ({
      id,
      needs,
      master: 'file',
      order: { marks: { kind: 'none' } },
    });

    test('go to one other worker that can do them, the oldest first, and come back with a result', async () => {
      const { store } = subject;
      await register('offers');
      await store.offerFinishing('offers', task('f1', ['signs']));
      await store.offerFinishing('offers', task('f2'));
      expect(await store.takeFinishing('offers', ['signs'])).toBeUndefined();
      const taken = await Promise.all(
        ['a', 'b', 'c'].map((worker) => store.takeFinishing(worker, [])),
      );
      expect(taken.filter((each) => each !== undefined)).toEqual([task('f2')]);
      const taker = ['a', 'b', 'c'][taken.findIndex((each) => each !== undefined)]!;
      expect(await store.withdrawFinishing('f2')).toBe(false);
      expect(await store.endFinishing('f2', 'somebody', { kind: 'not-done' })).toBe(false);
      expect(await store.endFinishing('f2', taker, { kind: 'not-done' })).toBe(true);
      expect(await store.offeredFinishing('offers')).toEqual(
        expect.arrayContaining([
          { id: 'f1' },
          { id: 'f2', takenBy: taker, result: { kind: 'not-done' } },
        ]),
      );
      expect(await store.withdrawFinishing('f1')).toBe(true);
      await store.removeFinishing('f2');
      expect(await store.offeredFinishing('offers')).toEqual([]);
    });

    test('are offered again when a dead worker had them, and go when whoever offered them is gone', async () => {
      const { store } = subject;
      await register('leaves', -1);
      await store.offerFinishing('leaves', task('f1'));
      await store.takeFinishing('dead', []);
      await store.freeFinishing('f1', 'somebody');
      expect(await store.takeFinishing('other', [])).toBeUndefined();
      await store.freeFinishing('f1', 'dead');
      expect(await store.takeFinishing('other', [])).toEqual(task('f1'));
      expect(await store.removeStrayFinishing()).toEqual([]);
      await store.fenceWorker('leaves', false);
      expect(await store.removeStrayFinishing()).toEqual(['f1']);
    });
  });
}
