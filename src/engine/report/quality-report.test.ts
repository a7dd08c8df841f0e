import { expect, onTestFinished, test } from 'vitest';
import { settlement } from '../../../test/contracts/store/reading.ts';
import { admit, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { QualityReports } from './quality-report.ts';

test('a run is judged anew when its journal has grown, and not before', async () => {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  let judged = 0;
  const longestStreak = (runId: string) => {
    judged += 1;
    return store.longestStreak(runId);
  };
  const reports = new QualityReports({
    store: { ...store, longestStreak },
    clock: new VirtualClock(),
  });
  const id = await startRun(store, ['a fox', 'an owl']);
  const told = async () => reports.of((await store.findRun(id))!);
  expect(await told()).toEqual(await told());
  expect(judged).toBe(1);
  const { granted } = await admit(store, id);
  await told();
  expect(judged).toBe(2);
  for (const { attemptId } of granted) await store.settle(settlement(attemptId, 'd'));
  await Promise.all([told(), told()]);
  expect(judged).toBe(3);
});

test('a run that goes on is judged anew only after many times what judging took', async () => {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const clock = new VirtualClock();
  let judged = 0;
  const longestStreak = async (runId: string) => {
    judged += 1;
    await clock.advance(100);
    return store.longestStreak(runId);
  };
  const reports = new QualityReports({ store: { ...store, longestStreak }, clock });
  const id = await startRun(store, ['a fox', 'an owl']);
  const told = async () => reports.of((await store.findRun(id))!);
  await told();
  await admit(store, id);
  await told();
  expect(judged).toBe(1);
  await clock.advance(2_000);
  await told();
  expect(judged).toBe(2);
  await store.changeRun(id, { state: 'paused', reason: 'paused', release: true });
  await told();
  expect(judged).toBe(3);
});
