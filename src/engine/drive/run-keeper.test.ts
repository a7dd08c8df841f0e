import { expect, test } from 'vitest';
import type { DriveOptions } from '../engine-types.ts';
import type { Signals } from '../ports/signals.ts';
import { createRun, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { RunKeeper } from './run-keeper.ts';

const SERVICE = { workspace: 'local', origin: 'api' } as const;

const SILENT: Signals = {
  notify: () => {},
  subscribe: () => () => {},
  [Symbol.asyncDispose]: async () => {},
};

async function keeperOf(drive: (id: string, options: DriveOptions) => Promise<void>) {
  const home = await sqliteHome();
  const { store } = await home.open();
  const clock = new VirtualClock();
  const keeper = new RunKeeper({
    store,
    clock,
    signals: SILENT,
    lease: { isOwn: async () => false, isAlive: async ({ id }) => id === 'alive' },
    work: drive,
  });
  return { home, store, keeper, clock };
}

test('takes up runs of a service, and leaves those of the command line alone', async () => {
  const driven: string[] = [];
  const { home, store, keeper } = await keeperOf(async (id) => {
    driven.push(id);
    await store.changeRun(id, { state: 'cancelled' });
  });
  await using _ = home;
  await createRun(store, ['a fox']);
  const id = await createRun(store, ['an owl'], { payer: SERVICE });
  keeper.start();
  await expect.poll(() => driven).toEqual([id]);
  await keeper.drain();
});

test('takes up what a dead worker left, and not what a living one has', async () => {
  const driven: string[] = [];
  const { home, store, keeper } = await keeperOf(async (id) => {
    driven.push(id);
    await store.changeRun(id, { state: 'stopped', reason: 'vendor' });
  });
  await using _ = home;
  for (const id of ['alive', 'dead']) {
    await store.registerWorker({ id, host: 'h', pid: 1, incarnation: 'x', leaseUntil: 10 ** 15 });
  }
  await startRun(store, ['a fox'], { worker: 'alive', payer: SERVICE });
  const left = await startRun(store, ['an owl'], { worker: 'dead', payer: SERVICE });
  keeper.start();
  await expect.poll(() => driven).toEqual([left]);
  await keeper.drain();
});

test('a run that breaks is told and left for a while, or until somebody asks for it', async () => {
  const defects: string[] = [];
  let driven = 0;
  const { home, store, keeper, clock } = await keeperOf(async () => {
    driven += 1;
    throw new Error('broken');
  });
  await using _ = home;
  const id = await createRun(store, ['a fox'], { payer: SERVICE });
  keeper.start({ onDefect: (run) => defects.push(run) });
  await expect.poll(() => defects).toEqual([id]);
  keeper.wake();
  await keeper.ended(id);
  expect(driven).toBe(1);
  keeper.wake(id);
  await expect.poll(() => driven).toBe(2);
  // What broke it may have passed.
  await expect.poll(async () => (await clock.step(), driven)).toBe(3);
  await keeper.drain();
});

test('draining lets what is driven end, and takes up nothing more', async () => {
  const gate = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const { home, store, keeper } = await keeperOf(async (_, { drain }) => {
    signals.push(drain!);
    await gate.promise;
  });
  await using _ = home;
  await createRun(store, ['a fox'], { payer: SERVICE });
  keeper.start();
  await expect.poll(() => signals.length).toBe(1);
  let drained = false;
  const draining = keeper.drain().then(() => (drained = true));
  expect(signals[0]!.aborted).toBe(true);
  expect(drained).toBe(false);
  await createRun(store, ['an owl'], { payer: SERVICE });
  gate.resolve();
  await draining;
  expect(signals).toHaveLength(1);
});

test('a run that is named while it is worked on is looked at again at its end', async () => {
  const gate = Promise.withResolvers<void>();
  const driven: string[] = [];
  const { home, store, keeper } = await keeperOf(async (id) => {
    driven.push(id);
    if (driven.length === 1) await gate.promise;
    // Somebody has planned it anew; the second time it comes to its end.
    else await store.changeRun(id, { state: 'cancelled' });
  });
  await using _ = home;
  const id = await createRun(store, ['a fox'], { payer: SERVICE });
  keeper.start();
  await expect.poll(() => driven).toEqual([id]);
  keeper.wake(id);
  const other = await createRun(store, ['an owl'], { payer: SERVICE });
  keeper.wake(other);
  await expect.poll(() => driven).toEqual([id, other]);
  gate.resolve();
  await expect.poll(() => driven).toEqual([id, other, id]);
  await keeper.drain();
});
