import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { checkInvariants } from '../support/check-invariants.ts';
import { liveServer } from '../support/live-server.ts';
import { newRun } from '../support/service-run.ts';
import { postgresServer } from '../support/postgres-server.ts';
import { postgresHome } from '../support/stores.ts';

const RUNS = 3;
const IMAGES = 10;
const AWAY_MS = 3_000;

/** Nobody can connect to the database, and who was connected is not any more. */
async function takeAway(address: string): Promise<void> {
  const name = new URL(address).pathname.slice(1);
  const client = new pg.Client({ connectionString: await postgresServer() });
  await client.connect();
  await client.query(`alter database ${name} allow_connections false`);
  for (const until = Date.now() + AWAY_MS; Date.now() < until; await pause(20)) {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
  }
  await client.query(`alter database ${name} allow_connections true`);
  await client.end();
}

async function connectionsTo(address: string): Promise<number> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from pg_stat_activity where datname = current_database()`,
  );
  await client.end();
  return Number(rows[0]!.count);
}

test.each([
  ['kling-v3', 'kling'],
  ['gpt-image-2', 'openai'],
] as const)(
  'a database that was away costs no run, no image and no call, once it is back (%s)',
  { timeout: 120_000 },
  async (model, vendor) => {
    await using home = await postgresHome();
    const server = await liveServer({
      databaseUrl: home.address,
      vendors: { latencyMs: [100, 600] },
    });
    const { bill } = server.simulation[vendor];
    const ids: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const prompts = Array.from({ length: IMAGES }, (_, at) => `run ${run}, picture ${at}`);
      ids.push(await newRun(server.call, { prompts, settings: { models: [model] } }));
    }
    await expect.poll(() => bill.images, { timeout: 20_000 }).toBeGreaterThan(8);
    await takeAway(home.address);

    const ends = async () => {
      const reports = await Promise.all(ids.map((id) => server.engine.report(id)));
      return reports.map(({ run, items }) => `${run.state}: ${items.delivered}`);
    };
    await expect
      .poll(() => ends().catch(String), { timeout: 60_000, interval: 200 })
      .toEqual(ids.map(() => `done: ${IMAGES}`));
    expect(bill.images).toBe(RUNS * IMAGES);
    // Those of the pool, the one that listens, and the one that asks.
    expect(await connectionsTo(home.address)).toBeLessThanOrEqual(8);
    await server.stop();
    const { database } = await home.open();
    for (const id of ids) await checkInvariants(database, id);
  },
);
