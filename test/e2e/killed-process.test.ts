import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { totalItems } from '../../src/engine/core/outcome.ts';
import { seededRandom } from '../../src/engine/core/random.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { startStoreProcess } from '../support/store-processes.ts';
import {
  collect,
  outcomes,
  readSheet,
  slotLimit,
  startRun,
  windowLimit,
} from '../support/store-run.ts';
import { sqliteHome, type TestStore } from '../support/stores.ts';

const KILLS = 10;
const systemClock = { now: () => Date.now(), sleep: () => Promise.resolve() };

describe('a process that is killed while it writes to SQLite', () => {
  test('leaves a store that is whole and agrees with itself, and that others go on with', async () => {
    const home = await sqliteHome({ clock: systemClock, flush: true });
    onTestFinished(() => home[Symbol.asyncDispose]());
    const opened = await home.open();
    const { store } = opened;
    const random = seededRandom(2026);
    const sheet = Array.from({ length: 240 }, (_, place) => ({
      prompt: `picture ${place}`,
      count: 1 + (place % 3),
    }));
    const items = sheet.reduce((sum, row) => sum + row.count, 0);
    const id = await startRun(store, sheet, { worker: 'worker-0' });
    const limits = [windowLimit(1_000_000), slotLimit(1_000_000)];
    const order = { engine: home.engine, address: home.address, runId: id, limits, decides: true };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = startStoreProcess({ ...order, worker: `worker-${kill}`, ends: 'ddrdbdufdd' });
      await grown(opened, (await attempts(opened)) + 1 + Math.floor(random.next() * 10));
      // Somewhere within the next few transactions.
      for (let turns = random.next() * 200; turns > 0; turns -= 1) await nextTurn();
      child.kill();
      await child.ended;
      expect(integrity(home.address)).toEqual(['ok']);
      await checkInvariants(opened.database, id, { plannedItems: items });
      expect(totalItems(await store.counts(id))).toBe(items);
      await takeOver(store, id, `worker-${kill}`, `worker-${kill + 1}`);
      await checkInvariants(opened.database, id, { plannedItems: items });
    }
    expect((await store.counts(id)).waiting).toBeGreaterThan(0);
    await readSheet(store, id, sheet.slice(0, 150));
    const last = startStoreProcess({ ...order, worker: `worker-${KILLS}`, ends: 'd' });
    await last.ended;
    const left = await store.counts(id);
    expect(left).toMatchObject({ waiting: 0, sent: 0 });
    await checkInvariants(opened.database, id, { plannedItems: totalItems(left) });
    await noneDeliveredTwice(opened, id);
  });

  test('leaves tables that are whole or not there at all', async () => {
    for (let kill = 0; kill < KILLS; kill += 2) {
      const home = await sqliteHome({ clock: systemClock });
      const child = startStoreProcess({
        engine: home.engine,
        address: home.address,
        runId: 'no-such-run',
        worker: 'worker',
        limits: [],
        ends: 'd',
        decides: false,
      });
      while (!existsSync(home.address)) await nextTurn();
      for (let turns = kill * kill * 4; turns > 0; turns -= 1) await nextTurn();
      child.kill();
      await child.ended;
      const { store } = await home.open();
      await startRun(store, ['a fox']);
      expect(integrity(home.address)).toEqual(['ok']);
      await home[Symbol.asyncDispose]();
    }
  });
});

async function attempts({ database }: TestStore): Promise<number> {
  const { count } = await database
    .selectFrom('attempts')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

async function grown(opened: TestStore, to: number): Promise<void> {
  while ((await attempts(opened)) < to) await nextTurn();
}

/** As recovery does: the run and its open attempts go to the next worker. */
async function takeOver(store: Store, runId: string, from: string, to: string): Promise<void> {
  expect(await store.claimRun(runId, to, from)).toBe(true);
  for (const attempt of await store.openAttempts(runId)) {
    if (attempt.workerId !== from) continue;
    expect(await store.takeAttempt(attempt.attemptId, from, to)).toBe(true);
    const delivered = outcomes('d'.repeat(attempt.indexes.length));
    const settle = (workerId: string) =>
      store.settle({ attemptId: attempt.attemptId, workerId, outcomes: delivered, usdMicros: 0 });
    expect(await settle(from)).toBe('fenced');
    if (attempt.ref === undefined && attempt.state === 'sent') {
      await store.markUnknown(attempt.attemptId, to, 'the process ended');
    } else {
      expect(await settle(to)).toBe('done');
    }
  }
}

function integrity(file: string): unknown[] {
  const database = new DatabaseSync(file);
  try {
    return database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => row['integrity_check']);
  } finally {
    database.close();
  }
}

/** No image has been posted for by two attempts. */
async function noneDeliveredTwice({ store, database }: TestStore, runId: string): Promise<void> {
  const run = await store.findRun(runId);
  const images = await database
    .selectFrom('items')
    .select('credit_micros')
    .where('run_id', '=', runId)
    .where('state', '=', 'delivered')
    .execute();
  const charged = images.reduce((sum, image) => sum + image.credit_micros, 0);
  expect(run?.postedCreditMicros).toBe(charged);
  const posted = (await collect(store.ledger(runId))).filter((line) => line.account === 'spent');
  expect(posted.reduce((sum, line) => sum + line.creditMicros, 0)).toBe(charged);
}
