/** What it costs to look: pages of the service, and the keeper, with many workspaces and many waiting runs. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { DECISIONS } from '../../test/support/decisions.ts';
import { createRun } from '../../test/support/store-run.ts';
import { type RouteTimes, routeTimes } from '../many-rows/api-times.ts';
import { startServer } from '../service/start-server.ts';
import { newDatabase } from './database-use.ts';
import type { CurveOrder } from './workers-curve.ts';

const TIMES = 20;
const ROUTES = {
  'health (baseline)': '/healthz',
  dashboard: '/v1/dashboard?days=7',
  'dashboard, now': '/v1/dashboard/detail',
  'list of runs': '/v1/runs?limit=50',
};

export interface ReadingPoint {
  readonly workspaces: number;
  readonly waitingRuns: number;
  readonly routes: readonly RouteTimes[];
  /** The keeper's look at all runs: the question, and with it that of which lanes each would need. */
  readonly keeperLookMs: number;
  /** A worker's look for runs of others that have more to send than those do. */
  readonly handsLookMs: number;
  /** The same question about nothing. */
  readonly selectOneMs: number;
}

export async function measureReading(order: CurveOrder): Promise<ReadingPoint[]> {
  const { isQuick, say } = order;
  const sizes = isQuick
    ? ([
        [1, 1],
        [1, 100],
      ] as const)
    : ([
        [1, 1],
        [1, 10],
        [1, 100],
        [1, 1_000],
        [10, 1_000],
        [100, 1_000],
      ] as const);
  const points: ReadingPoint[] = [];
  for (const [workspaces, waitingRuns] of sizes) {
    const point = await measure(order, workspaces, waitingRuns);
    points.push(point);
    say(
      `${waitingRuns} waiting runs of ${workspaces} workspaces: the keeper looks for ` +
        `${point.keeperLookMs.toFixed(1)} ms, hands for ${point.handsLookMs.toFixed(1)} ms`,
    );
  }
  return points;
}

async function measure(
  { folder, postgres }: CurveOrder,
  workspaces: number,
  waitingRuns: number,
): Promise<ReadingPoint> {
  const name = `reading_${workspaces}_${waitingRuns}`;
  const databaseUrl = await newDatabase(postgres, name);
  await fillWaiting(databaseUrl, workspaces, waitingRuns);
  await using server = await startServer({
    home: join(folder, name),
    baseUrl: 'http://127.0.0.1:9/v1',
    concurrency: 4,
    databaseUrl,
    takesNothing: true,
  });
  const routes = await routeTimes(server, ROUTES);
  const opened = openPostgres(databaseUrl);
  await using store = await createSqlStore(opened, DECISIONS);
  const keeperLookMs = await medianMs(async () => {
    for (const { id } of await store.runsToKeep(new Set(), 2_000)) await store.waitingLanes(id);
  });
  await sql`update runs set state = 'running', worker_id = 'another'`.execute(opened.database);
  const handsLookMs = await medianMs(() => store.runsWithWork('nobody'));
  const selectOneMs = await medianMs(() => sql`select 1`.execute(opened.database));
  return { workspaces, waitingRuns, routes, keeperLookMs, handsLookMs, selectOneMs };
}

/** Approved runs of 17 images that nobody has taken up, copied from one that the engine itself wrote. */
async function fillWaiting(
  databaseUrl: string,
  workspaces: number,
  waitingRuns: number,
): Promise<void> {
  const opened = openPostgres(databaseUrl);
  await using store = await createSqlStore(opened, DECISIONS);
  const rows = Array.from({ length: 17 }, (_, at) => `a boat, number ${at}`);
  const payer = { workspace: 'local', origin: 'api' } as const;
  const pattern = await createRun(store, rows, { payer });
  const { database } = opened;
  const copies = sql`generate_series(1, ${sql.lit(waitingRuns - 1)}) as n`;
  const place = sql`case when n % ${sql.lit(workspaces)} = 0 then 'local' else 'w-' || n % ${sql.lit(workspaces)} end`;
  const changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    runs: { id: sql`id || '.' || n`, workspace: place, out: sql`"out" || '.' || n` },
    rows: { run_id: sql`run_id || '.' || n` },
    requests: { id: sql`id || '.' || n`, run_id: sql`run_id || '.' || n` },
    items: {
      id: sql`id || '.' || n`,
      run_id: sql`run_id || '.' || n`,
      request_id: sql`request_id || '.' || n`,
    },
  };
  for (const [table, change] of Object.entries(changes)) {
    const { rows: columns } = await sql<{ name: string }>`select column_name as name
      from information_schema.columns where table_name = ${table} and table_schema = 'public'
      order by ordinal_position`.execute(database);
    const names = columns.map(({ name }) => name);
    const values = names.map((column) => change[column] ?? sql.ref(column));
    const key = sql.ref(table === 'runs' ? 'id' : 'run_id');
    await sql`insert into ${sql.table(table)} (${sql.join(names.map((column) => sql.ref(column)))})
      select ${sql.join(values)} from ${sql.table(table)} cross join ${copies}
      where ${key} = ${pattern}`.execute(database);
  }
  // The servers' own gardener would do it in a minute.
  await sql`analyze`.execute(database);
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[TIMES / 2]!;
}
