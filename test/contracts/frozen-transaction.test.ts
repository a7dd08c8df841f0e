import { expect, onTestFinished, test } from 'vitest';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { isAway } from '../../src/engine/store/is-away.ts';
import { admit, startRun } from '../support/store-run.ts';
import { postgresHome } from '../support/stores.ts';

test('a process that is stopped amid a transaction keeps its locks from nobody for long', async () => {
  const home = await postgresHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const runId = await startRun(store, ['a fox']);
  const { database, dialect } = openPostgres(home.address);
  onTestFinished(() => database.destroy());
  const locked = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const frozen = database.transaction().execute(async (trx) => {
    await dialect.lockRun(trx, runId);
    locked.resolve();
    await stopped.promise;
    await trx.updateTable('runs').set({ worker_id: 'frozen' }).where('id', '=', runId).execute();
  });
  await locked.promise;

  // Waits for as long as the other's session is let be.
  expect((await admit(store, runId)).granted).toHaveLength(1);
  // Who comes back can change nothing.
  stopped.resolve();
  expect(isAway(await frozen.catch((error: unknown) => error))).toBe(true);
  expect(await store.findRun(runId)).toMatchObject({ workerId: 'worker' });
});
