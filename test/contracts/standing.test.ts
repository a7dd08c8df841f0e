import { describe, expect, onTestFinished, test } from 'vitest';
import { Activity } from '../../src/engine/drive/activity.ts';
import { admit, PRICE, startRun, windowLimit } from '../support/store-run.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';
import { settlement } from './store/reading.ts';

describe.each([
  ['SQLite', sqliteHome],
  ['PostgreSQL', postgresHome],
] as const)('what is counted of a store on %s,', (_name, createHome) => {
  async function open() {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    return (await home.open()).store;
  }

  test('is numbers, of an empty store as well', async () => {
    const store = await open();
    expect(await store.standing()).toEqual({
      runs: [],
      requests: [],
      webhookDeliveries: [],
      jobs: [],
      workspaces: expect.objectContaining({ availableCreditMicros: 0, postedCreditMicros: 0 }),
    });
  });

  test('is requests by lane and state, runs by state with their money, and what was done', async () => {
    const activity = new Activity();
    const store = activity.watch(await open());
    const id = await startRun(store, [
      { prompt: 'a boat', count: 2 },
      { prompt: 'a car', count: 1 },
      { prompt: 'a hut', count: 3 },
    ]);
    const limit = windowLimit(3);
    const { granted } = await admit(store, id, { limits: [limit], most: 3 });
    expect(granted).toHaveLength(2);
    expect(activity.counts.inFlight).toEqual([{ labels: { lane: 'a-model' }, count: 2 }]);
    const [boat, car] = granted;
    await store.settle(settlement(boat!.attemptId, 'dd'));
    await store.markUnknown(car!.attemptId, 'worker', 'the line was cut');

    const { runs, requests } = await store.standing();
    expect(requests).toEqual([
      { lane: 'a-model', state: 'unknown', requests: 1, images: 1 },
      { lane: 'a-model', state: 'waiting', requests: 1, images: 3 },
    ]);
    expect(runs).toEqual([
      expect.objectContaining({
        runs: 1,
        postedCreditMicros: 2 * PRICE.creditMicros,
        heldCreditMicros: PRICE.creditMicros,
      }),
    ]);
    expect(activity.counts).toEqual({
      images: [
        { labels: { model: 'a-model', outcome: 'delivered' }, count: 2 },
        { labels: { model: 'a-model', outcome: 'unknown' }, count: 1 },
      ],
      attempts: [
        { labels: { lane: 'a-model', end: 'settled' }, count: 1 },
        { labels: { lane: 'a-model', end: 'unknown' }, count: 1 },
      ],
      waits: [{ labels: { limit: expect.stringContaining('images-per-minute') }, count: 1 }],
      inFlight: [],
    });
  });
});
