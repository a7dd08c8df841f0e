import { describe, expect, onTestFinished, test } from 'vitest';
import { RunHands } from '../../src/engine/drive/run-hands.ts';
import { lastingStore } from '../../src/engine/drive/lasting-store.ts';
import type { AttemptTicket, Store } from '../../src/engine/store/store.ts';
import { admit, startRun } from '../support/store-run.ts';
import { settlement } from './store/reading.ts';
import { postgresHome, sqliteHome } from '../support/stores.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const OWNER = 'owner';
const HAND = 'hand';

describe.each([
  ['SQLite', sqliteHome],
  ['PostgreSQL', postgresHome],
] as const)('hands of a run on %s', (_name, createHome) => {
  /** A run with one request that a living hand has sent. */
  async function shared() {
    const home = await createHome();
    onTestFinished(() => home[Symbol.asyncDispose]());
    const { store } = await home.open();
    const runId = await startRun(store, ['a fox', 'a hen'], { worker: OWNER });
    const worker = { id: HAND, host: 'far', pid: 7, incarnation: '', leaseUntil: 2 ** 50 };
    await store.registerWorker(worker);
    await store.joinRun(runId, HAND);
    const [ticket] = (await admit(store, runId, { workerId: HAND, most: 1 })).granted;
    return { store, runId, ticket: ticket! };
  }

  function watch(store: Store, runId: string) {
    const taken: string[] = [];
    const news: string[] = [];
    const clock = new VirtualClock();
    const hands = new RunHands(
      {
        store,
        clock,
        signals: {
          notify: () => {},
          subscribe: () => () => {},
          [Symbol.asyncDispose]: async () => {},
        },
        workerId: OWNER,
        lease: { isAlive: async () => true, fence: async () => false },
      },
      runId,
      {
        onNews: async ({ what }) => void news.push(what),
        onTaken: (tickets: readonly AttemptTicket[]) =>
          void taken.push(...tickets.map(({ attemptId }) => attemptId)),
        onDefect: (error) => expect.unreachable(String(error)),
      },
    );
    onTestFinished(() => hands[Symbol.dispose]());
    return { hands, taken, news, clock };
  }

  test('what a living hand is sending is left to it', async () => {
    const { store, runId } = await shared();
    const { hands, taken } = watch(store, runId);
    expect(await hands.areAtWork()).toBe(true);
    expect(taken).toEqual([]);
  });

  test('what it has sent is read of within a second, though nobody tells', async () => {
    const { store, runId, ticket } = await shared();
    const { hands, news, clock } = watch(store, runId);
    await hands.begin();
    expect(await hands.areAtWork()).toBe(true);
    await store.settle(settlement(ticket.attemptId, 'd', HAND));
    await clock.advance(1_000);
    await expect.poll(() => news).toEqual(['settled']);
  });

  test('everybody who asks is answered by a look that began afterwards', async () => {
    const { store, runId, ticket } = await shared();
    await store.leaveRun(runId, HAND);
    await store.takeAttempt(ticket.attemptId, HAND, OWNER);
    const gate = Promise.withResolvers<void>();
    let looks = 0;
    const handsOf: Store['handsOf'] = async (...order) => {
      const seen = await store.handsOf(...order);
      looks += 1;
      if (looks === 1) await gate.promise;
      return seen;
    };
    const { hands } = watch({ ...store, handsOf }, runId);
    const before = hands.areAtWork();
    await expect.poll(() => looks).toBe(1);
    const asked = [hands.areAtWork(), hands.areAtWork(), hands.areAtWork()];
    await store.joinRun(runId, HAND);
    gate.resolve();
    await before;
    expect(await Promise.all(asked)).toEqual([true, true, true]);
  });

  test('what a living hand has left mid-way is taken over, and nobody waits for it', async () => {
    const { store, runId, ticket } = await shared();
    await store.leaveRun(runId, HAND);
    const { hands, taken } = watch(store, runId);
    expect(await hands.areAtWork()).toBe(false);
    expect(taken).toEqual([ticket.attemptId]);
    const [open] = await store.openAttempts(runId);
    expect(open).toMatchObject({ attemptId: ticket.attemptId, workerId: OWNER });
  });
});

test('a hand leaves although the database was away when it wanted to', async () => {
  await using home = await sqliteHome();
  const { store } = await home.open();
  const runId = await startRun(store, ['a fox'], { worker: OWNER });
  await store.joinRun(runId, HAND);
  const clock = new VirtualClock();
  let times = 0;
  const broken: Store = {
    ...store,
    leaveRun: async (...order) => {
      times += 1;
      if (times <= 20) throw new Error('Connection terminated unexpectedly');
      return store.leaveRun(...order);
    },
  };
  const lasting = lastingStore({ store: broken, clock, stop: new AbortController().signal });
  const leaving = lasting.leaveRun(runId, HAND);
  for (let second = 0; second < 20; second += 1) await clock.step();
  await leaving;
  expect(await store.handsOf(runId, OWNER)).toEqual([]);
});
