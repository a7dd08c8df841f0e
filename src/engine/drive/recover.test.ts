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

test('takes over the open attempts of the dead, and leaves those of the living', async () => {
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
  await admit(store, runId, { workerId: 'me', most: 1 });
  const deps = {
    store,
    workerId: 'me',
    isAlive: async ({ id }: { readonly id: string }) => id === 'alive',
  };
  const taken = await takeOpenAttempts(deps, runId);
  expect(taken.map(({ attemptId }) => attemptId)).toEqual([lost!.attemptId]);
  // What is this worker's own now is not taken a second time.
  expect(await takeOpenAttempts(deps, runId)).toEqual([]);
});
