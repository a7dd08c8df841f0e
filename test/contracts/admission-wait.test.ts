import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { admit, startRun, windowLimit } from '../support/store-run.ts';
import { postgresHome } from '../support/stores.ts';

const LIMIT = windowLimit(100);
const HELD_MS = 300;

test('an admission tells how long others kept it waiting, so that its grant is not called late', async () => {
  const home = await postgresHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const { store } = await home.open();
  const runId = await startRun(store, ['a fox', 'an owl']);
  const alone = await admit(store, runId, { most: 1, limits: [LIMIT] });

  const other = new pg.Client({ connectionString: home.address });
  await other.connect();
  await other.query('begin');
  await other.query('select key from limits where key = $1 for update', [LIMIT.key]);
  const waiting = admit(store, runId, { most: 1, limits: [LIMIT] });
  // The server's own clock moves on while the row is held.
  await other.query('select pg_sleep($1)', [HELD_MS / 1000]);
  await other.query('commit');
  await other.end();
  const { granted, waitedMs } = await waiting;
  expect(granted).toHaveLength(1);
  expect(waitedMs).toBeGreaterThan(0);
  expect(waitedMs).toBeLessThanOrEqual((await store.now()) - alone.now);
});
