import { expect, onTestFinished, test } from 'vitest';
import { admit, startRun } from '../../../test/support/store-run.ts';
import { sqliteHome } from '../../../test/support/stores.ts';
import { takeOpenAttempts } from './recover.ts';

async function openStore() {
  const home = await sqliteHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  return store;
}

test('takes over the open attempts of the dead and its own, and leaves those of the living', async () => {
  const store = await openStore();
  for (const [pid, id] of ['alive', 'dead'].entries()) {
    const identity = { host: 'here', pid, incarnation: '1' };
    await store.registerWorker({ id, ...identity, leaseUntil: (await store.now()) + 60_000 });
  }
  const runId = await startRun(store, ['a fox', 'an owl', 'a lynx'], { worker: 'alive' });
  await admit(store, runId, { workerId: 'alive', most: 1 });
  await store.claimRun(runId, 'dead', 'alive');
  const [lost] = (await admit(store, runId, { workerId: 'dead', most: 1 })).granted;
  await store.claimRun(runId, 'me', 'dead');
  const [own] = (await admit(store, runId, { workerId: 'me', most: 1 })).granted;
  const deps = {
    store,
    workerId: 'me',
    lease: {
      isAlive: async ({ id }: { readonly id: string }) => id === 'alive',
      fence: async () => true,
    },
  };
  const taken = await takeOpenAttempts(deps, runId);
  const ids = taken.map(({ attemptId }) => attemptId);
  // Its own were left by a drive that broke: a run is driven once at a time.
  expect(ids.toSorted()).toEqual([lost!.attemptId, own!.attemptId].toSorted());
});
