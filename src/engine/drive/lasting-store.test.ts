import { expect, onTestFinished, test } from 'vitest';
import { admit, outcomes, PRICE, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { StorageError } from '../core/errors.ts';
import type { Store } from '../store/store.ts';
import { lastingStore } from './lasting-store.ts';

/** A run with one sent request, in a store whose settlement fails as told. */
async function sentIn(failing: (settle: Store['settle']) => Store['settle']) {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const runId = await startRun(store, ['a fox']);
  const [ticket] = (await admit(store, runId)).granted;
  const clock = new VirtualClock();
  const stop = new AbortController();
  const broken = { ...store, settle: failing((order) => store.settle(order)) };
  const lasting = lastingStore({ store: broken, clock, stop: stop.signal });
  const settle = () =>
    lasting.settle({
      attemptId: ticket!.attemptId,
      workerId: 'worker',
      outcomes: outcomes('d'),
      usdMicros: PRICE.usdMicros,
      lessons: [],
    });
  return { store, runId, clock, stop, settle };
}

function away(): Error {
  return Object.assign(new Error('terminating connection'), { code: '57P01' });
}

test('an answer is written down when the database is back', async () => {
  let times = 0;
  const { store, runId, clock, settle } = await sentIn((settled) => async (order) => {
    times += 1;
    if (times <= 100) throw away();
    return settled(order);
  });
  const settling = settle();
  for (let second = 0; second < 100; second += 1) await clock.step();
  expect(await settling).toBe('done');
  expect(await store.counts(runId)).toMatchObject({ delivered: 1, sent: 0 });
});

test('an answer waits for room on a disk that is full, and not without an end', async () => {
  let isFull = true;
  const { store, runId, clock, settle } = await sentIn((settled) => async (order) => {
    if (isFull) throw new StorageError('full', 'imagemill.db');
    return settled(order);
  });
  const given = expect(settle()).rejects.toThrow(StorageError);
  for (let second = 0; second < 120; second += 1) await clock.step();
  await given;
  const settling = settle();
  for (let second = 0; second < 60; second += 1) await clock.step();
  isFull = false;
  await clock.step();
  expect(await settling).toBe('done');
  expect(await store.counts(runId)).toMatchObject({ delivered: 1, sent: 0 });
});

test('an ending that was written unheard is written once', async () => {
  const { store, runId, clock, settle } = await sentIn((settled) => {
    let isFirst = true;
    return async (order) => {
      const done = await settled(order);
      if (!isFirst) return done;
      isFirst = false;
      throw new Error('Connection terminated unexpectedly');
    };
  });
  const settling = settle();
  await clock.step();
  expect(await settling).toBe('fenced');
  const run = await store.findRun(runId);
  expect(run?.postedCreditMicros).toBe(PRICE.creditMicros);
});

test('what is no fault of the connection, or when the engine stops, is told at once', async () => {
  const defect = await sentIn(() => async () => {
    throw Object.assign(new Error('null value in column'), { code: '23502' });
  });
  await expect(defect.settle()).rejects.toThrow('null value');
  const stopped = await sentIn(() => async () => {
    throw away();
  });
  stopped.stop.abort();
  await expect(stopped.settle()).rejects.toThrow('terminating');
});
