import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { postgresHome } from '../../../test/support/stores.ts';
import { createPostgresSignals } from './postgres-signals.ts';

const AWAY_TIMES = 20;
const PATIENTLY = { timeout: 20_000 };

test('one connection listens, however many subscribe and however often it is cut', async () => {
  await using home = await postgresHome();
  const admin = new pg.Client({ connectionString: home.address });
  await admin.connect();
  const connected = async () => {
    const { rows } = await admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    return rows;
  };
  let asleep = 0;
  const signals = createPostgresSignals(home.address, async () => {
    asleep += 1;
    await pause(5);
  });
  let told = 0;
  for (let run = 0; run < 20; run += 1) signals.subscribe(() => (told += 1));
  await expect.poll(connected, PATIENTLY).toHaveLength(1);

  // While nobody can connect, each try is one try.
  const name = new URL(home.address).pathname.slice(1);
  const server = new pg.Client({ connectionString: new URL('/postgres', home.address).href });
  await server.connect();
  await server.query(`alter database ${name} allow_connections false`);
  const [{ pid }] = (await connected()) as [{ pid: number }];
  await admin.query('select pg_terminate_backend($1)', [pid]);
  await expect.poll(() => asleep, PATIENTLY).toBeGreaterThan(AWAY_TIMES);
  for (let call = 0; call < 20; call += 1) signals.notify('runs');
  await server.query(`alter database ${name} allow_connections true`);
  await expect.poll(connected, PATIENTLY).toHaveLength(1);

  const before = told;
  const other = createPostgresSignals(home.address, pause);
  other.notify('runs');
  // Once for the notice, and perhaps once more for what may have been missed while nobody listened.
  await expect.poll(() => told, PATIENTLY).toBeGreaterThanOrEqual(before + 20);
  expect([20, 40]).toContain(told - before);
  expect(await connected()).toHaveLength(2);
  await signals[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await admin.end();
  await server.end();
});
