import { describe, expect, onTestFinished, test } from 'vitest';
import type { Limit } from '../../src/engine/core/limit.ts';
import { mostAtOnce, mostInAnyWindow } from '../support/audit-grants.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { startStoreProcess } from '../support/store-processes.ts';
import { slotLimit, startRun, windowLimit } from '../support/store-run.ts';
import { postgresHome, sqliteHome, type TestStore } from '../support/stores.ts';

const WINDOW_MS = 300;
const MOST_IN_WINDOW = 60;
const MOST_SLOTS = 3;

const systemClock = { now: () => Date.now(), sleep: () => Promise.resolve() };

describe.each([
  ['SQLite', () => sqliteHome({ clock: systemClock, flush: true })],
  ['PostgreSQL', postgresHome],
] as const)('two processes on %s', (_, createHome) => {
  test('keep one window and one slot limit between them, and both get on', async () => {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    const opened = await home.open();
    const { store, database } = opened;
    const sheet = Array.from({ length: 100 }, (_row, place) => ({
      prompt: `picture ${place}`,
      count: 1 + (place % 3),
    }));
    const limits = [
      windowLimit(MOST_IN_WINDOW, { windowMs: WINDOW_MS } as Partial<Limit>),
      slotLimit(MOST_SLOTS, { unit: 'requests' }),
    ];
    const runs = [
      await startRun(store, sheet, { worker: 'first' }),
      await startRun(store, sheet, { worker: 'second' }),
    ];
    const processes = runs.map((runId, place) =>
      startStoreProcess({
        engine: home.engine,
        address: home.address,
        runId,
        worker: place === 0 ? 'first' : 'second',
        limits,
        ends: 'ddrdbdfdd',
        decides: true,
      }),
    );
    const grants = await Promise.all(
      processes.map(async ({ ended }) => JSON.parse((await ended).text) as number[]),
    );
    for (const runId of runs) {
      await checkInvariants(database, runId, { plannedItems: 199 });
      expect(await store.counts(runId)).toMatchObject({ waiting: 0, sent: 0, unknown: 0 });
    }
    const all = await store.grants(limits[0]!.key);
    expect(all).toHaveLength(grants[0]!.length + grants[1]!.length);
    expect(all.length).toBeGreaterThan(200);
    expect(mostInAnyWindow(all, WINDOW_MS)).toBeLessThanOrEqual(MOST_IN_WINDOW);
    expect(mostAtOnce(await slotsHeld(opened, limits[1]!))).toBeLessThanOrEqual(MOST_SLOTS);
    expect(await interleaved(opened, runs)).toBeGreaterThan(2);
  });

  test('may both be the first to open it', async () => {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    const order = (worker: string) => ({
      engine: home.engine,
      address: home.address,
      runId: 'no-such-run',
      worker,
      limits: [],
      ends: 'd',
      decides: false,
    });
    const processes = ['a', 'b', 'c'].map((worker) => startStoreProcess(order(worker)));
    for (const { ended } of processes) expect((await ended).text).toBe('[]');
  });
});

async function slotsHeld({ database }: TestStore, limit: Limit) {
  const rows = await database
    .selectFrom('grants')
    .select(['granted_at', 'ends_at', 'units'])
    .where('limit_key', '=', limit.key)
    .execute();
  return rows.map((row) => ({ from: row.granted_at, to: row.ends_at, units: row.units }));
}

/** How often the grants in the order of time pass from one run to the other. */
async function interleaved({ database }: TestStore, runs: readonly string[]): Promise<number> {
  const attempts = await database
    .selectFrom('attempts')
    .select(['run_id'])
    .where('run_id', 'in', [...runs])
    .orderBy('sent_at')
    .execute();
  return attempts.filter(({ run_id }, place) => run_id !== attempts[place - 1]?.run_id).length;
}
