import { describe, expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../src/engine/store/store.ts';
import { admit, slotLimit, startRun, windowLimit } from '../support/store-run.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';

describe.each([
  ['SQLite', sqliteHome],
  ['PostgreSQL', postgresHome],
] as const)('limits as a workspace sees them on %s', (_name, createHome) => {
  async function open(): Promise<Store> {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    return (await home.open()).store;
  }
  const rows = (count: number) =>
    Array.from({ length: count }, (_, place) => ({ prompt: `picture ${place}` }));

  test('nothing is used of a limit that nobody has used', async () => {
    const store = await open();
    const [standing] = await store.limitStandings('studio', [windowLimit(5)]);
    expect(standing).toMatchObject({ max: 5, used: 0, usedHere: 0, returning: [] });
  });

  test('all that share a limit use it, and each knows its own part', async () => {
    const store = await open();
    const limit = windowLimit(20);
    const [one, other] = [await startRun(store, rows(3)), await startRun(store, rows(9))];
    await admit(store, one, { limits: [limit], most: 3 });
    await admit(store, other, { limits: [limit], most: 9 });
    const { workspace } = (await store.findRun(one))!;
    const [mine] = await store.limitStandings(workspace, [limit]);
    const [theirs] = await store.limitStandings('nobody', [limit]);
    expect(mine).toMatchObject({ used: 12, usedHere: 12, max: 20 });
    expect(theirs).toMatchObject({ used: 12, usedHere: 0, returning: mine!.returning });
  });

  test('what returns is told in a few stretches that add up, the soonest first', async () => {
    const store = await open();
    const [window, slots] = [windowLimit(1_000), slotLimit(1_000)];
    const run = await startRun(store, rows(60));
    for (let sent = 0; sent < 6; sent += 1) {
      await admit(store, run, { limits: [window, slots], most: 10 });
    }
    const now = await store.now();
    for (const { used, returning } of await store.limitStandings('studio', [window, slots])) {
      expect(used).toBe(60);
      expect(returning.length).toBeGreaterThan(0);
      expect(returning.length).toBeLessThanOrEqual(9);
      expect(returning.reduce((sum, { units }) => sum + units, 0)).toBe(60);
      const times = returning.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBeGreaterThan(now);
    }
    const [standing] = await store.limitStandings('studio', [window]);
    // A minute, and the margin that the store counts it longer.
    expect(standing!.returning.at(-1)!.at - now).toBeLessThanOrEqual(60_600);
    expect(standing!.returning.at(-1)!.at - now).toBeGreaterThan(50_000);
  });

  test('lanes that wait are told to their own workspace, with what they wait for', async () => {
    const store = await open();
    const limit = windowLimit(1);
    const run = await startRun(store, rows(2));
    const { workspace, workerId } = (await store.findRun(run))!;
    const until = (await store.now()) + 5_000;
    await store.setWaits(run, workerId!, {
      'a-model': { limit: limit.key, reason: 'full', until },
      'b-model': { limit: 'credits', reason: 'none left' },
    });
    expect(await store.waitingOf(workspace, 10)).toEqual([
      { runId: run, lane: 'a-model', limit: limit.key, until },
      { runId: run, lane: 'b-model', limit: 'credits' },
    ]);
    expect(await store.waitingOf('nobody', 10)).toEqual([]);
    await store.changeRun(run, { state: 'paused' });
    expect(await store.waitingOf(workspace, 10)).toEqual([]);
  });
});
