import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/engine/core/settings.ts';
import { admit, createRun, outcomes, PRICE, startRun } from '../../support/store-run.ts';
import { sendAll, settlement } from './reading.ts';
import type { Subject } from './subject.ts';

export function describeRuns(subject: Subject): void {
  describe('a run', () => {
    test('is found by its id and by the folder that it owns, the newest first', async () => {
      const { store } = subject;
      const out = `/out/${Math.floor(await store.now())}`;
      const first = await createRun(store, ['a fox'], { out });
      await subject.later();
      const second = await createRun(store, ['a fox'], { out, budgetCreditMicros: 7 });
      expect((await store.runOwning(out))?.id).toBe(second);
      expect(await store.runOwning('/nowhere')).toBeUndefined();
      expect(await store.findRun('no-such-run')).toBeUndefined();
      expect((await store.listRuns()).map((run) => run.id)).toEqual([second, first]);
      expect(await store.findRun(second)).toMatchObject({
        state: 'planned',
        phase: 'main',
        budgetCreditMicros: 7,
        settings: { ...DEFAULT_SETTINGS, budgetCreditMicros: 7 },
        columns: ['prompt', 'name'],
        reading: false,
        waits: {},
      });
    });

    test('is claimed by one of many workers that want it at once', async () => {
      const { store, others } = subject;
      const id = await createRun(store, ['a fox']);
      const claims = await Promise.all(
        [store, ...others].map((each, place) => each.claimRun(id, `worker-${place}`, undefined)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      const winner = `worker-${claims.indexOf(true)}`;
      expect(await store.findRun(id)).toMatchObject({ workerId: winner });
      expect(await store.claimRun(id, 'heir', 'somebody else')).toBe(false);
      expect(await store.claimRun(id, 'heir', winner)).toBe(true);
      await store.changeRun(id, { state: 'running' });
      await store.changeRun(id, { state: 'stopped', reason: 'interrupted', release: true });
      expect(await store.claimRun(id, 'next', undefined)).toBe(true);
    });

    test('is begun by one of many workers that want it at once, and by nobody who comes too late', async () => {
      const { store, others } = subject;
      const id = await createRun(store, ['a fox']);
      const begun = await Promise.all(
        [store, ...others].map((each, place) => each.beginRun(id, `worker-${place}`, undefined)),
      );
      expect(begun.filter(Boolean)).toHaveLength(1);
      const workerId = `worker-${begun.indexOf(true)}`;
      expect(await store.findRun(id)).toMatchObject({ workerId, state: 'running' });
      const told = await Array.fromAsync(store.journal(id));
      expect(told.filter(({ event }) => event.type === 'run-started')).toHaveLength(1);
      expect(await store.beginRun(id, 'heir', 'somebody else')).toBe(false);
      expect(await store.findRun(id)).toMatchObject({ workerId });
    });

    test('one that was paused since it was read is not taken as it was', async () => {
      const { store } = subject;
      const id = await createRun(store, ['a fox']);
      await store.changeRun(id, { state: 'running' });
      await store.changeRun(id, { state: 'paused', reason: 'paused' });
      expect(await store.claimRun(id, 'keeper', undefined, 'planned')).toBe(false);
      expect(await store.beginRun(id, 'keeper', undefined, 'planned')).toBe(false);
      expect(await store.findRun(id)).toMatchObject({ state: 'paused' });
      expect(await store.claimRun(id, 'keeper', undefined, 'paused')).toBe(true);
    });

    test('a worker whose run was taken over can neither change nor release it', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      await store.claimRun(id, 'heir', 'worker');
      const change = { state: 'stopped', reason: 'interrupted', release: true } as const;
      expect(await store.changeRun(id, { ...change, workerId: 'worker' })).toBe('fenced');
      await store.setWaits(id, 'worker', { 'a-model': { limit: 'l', reason: 'stale' } });
      expect(await store.findRun(id)).toMatchObject({
        state: 'running',
        workerId: 'heir',
        waits: {},
      });
      expect(await store.changeRun(id, { ...change, workerId: 'heir' })).toBe('done');
    });

    test('shows why it stopped, what it waits for and what was asked of it', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox']);
      const waits = { 'a-model': { limit: 'l', reason: '5 of 5 used', until: 17 } };
      await store.setWaits(id, 'worker', waits);
      await store.askRun(id, 'pause');
      expect(await store.findRun(id)).toMatchObject({ waits, asked: 'pause' });
      await store.changeRun(id, {
        state: 'paused',
        reason: 'refusals',
        reasonText: 'half were refused',
        release: true,
      });
      const run = await store.findRun(id);
      expect(run).toMatchObject({
        state: 'paused',
        reason: 'refusals',
        reasonText: 'half were refused',
        waits: {},
      });
      expect(run).not.toHaveProperty('workerId');
      expect(run).not.toHaveProperty('asked');
      await store.changeRun(id, { state: 'running' });
      expect(await store.findRun(id)).not.toHaveProperty('reason');
    });

    test('goes on when its budget is raised', async () => {
      const { store } = subject;
      const id = await startRun(store, ['a fox', 'an owl'], {
        budgetCreditMicros: PRICE.creditMicros,
      });
      await sendAll(store, id);
      expect((await admit(store, id)).budget).toBeDefined();
      await store.setSettings(id, {
        settings: DEFAULT_SETTINGS,
        budgetCreditMicros: 2 * PRICE.creditMicros,
        maxUsdMicros: null,
      });
      expect((await admit(store, id)).granted).toHaveLength(1);
      await store.setSettings(id, {
        settings: DEFAULT_SETTINGS,
        budgetCreditMicros: null,
        maxUsdMicros: null,
      });
      expect(await store.findRun(id)).not.toHaveProperty('budgetCreditMicros');
    });

    test('forgets the refusals that a person has seen', async () => {
      const { store } = subject;
      const id = await startRun(store, [{ prompt: 'a fox', count: 4 }]);
      const [ticket] = (await admit(store, id)).granted;
      await store.settle({ ...settlement(ticket!.attemptId, ''), outcomes: outcomes('rrfd') });
      const unseen = { outcomes: 0, refused: 0, seenAt: 0 };
      expect((await store.findRun(id))?.breaker).toEqual(unseen);
      const before = await store.now();
      await store.resetBreaker(id);
      const { breaker } = (await store.findRun(id))!;
      expect(breaker).toMatchObject({ outcomes: 4, refused: 2 });
      expect(breaker.seenAt).toBeGreaterThanOrEqual(before);
    });
  });

  describe('a worker', () => {
    test('is registered, keeps its lease and is removed', async () => {
      const { store } = subject;
      const id = `worker-${await store.now()}-${subject.kind.name}`;
      const worker = { id, host: 'here', pid: 17, incarnation: 'boot-1', leaseUntil: 1_000 };
      await store.registerWorker(worker);
      expect(await store.findWorker(id)).toEqual(worker);
      await store.renewWorker(id, 2_000);
      expect(await store.findWorker(id)).toMatchObject({ leaseUntil: 2_000 });
      await store.removeWorker(id);
      expect(await store.findWorker(id)).toBeUndefined();
    });
  });
}
