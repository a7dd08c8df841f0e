/** The service on runs of rising length, each written into the database directly. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { startServer } from '../service/start-server.ts';
import { type RouteTimes, routesOf, routeTimes } from './api-times.ts';
import { fillRun } from './fill-run.ts';
import { type PageTimes, pageTimes } from './page-times.ts';

export interface ApiOrder {
  /** Each a multiple of 1,000. */
  readonly sizes: readonly number[];
  readonly folder: string;
  /** PostgreSQL; absent: the embedded store. */
  readonly databaseUrl?: string;
  /** In a real browser as well. */
  readonly pages: boolean;
}

export interface ApiFigures {
  readonly rows: number;
  readonly fillSeconds: number;
  readonly routes: readonly RouteTimes[];
  readonly pages: readonly PageTimes[];
}

export async function measureApi(order: ApiOrder): Promise<ApiFigures[]> {
  const { sizes, folder, databaseUrl } = order;
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  const filled = new Map<number, number>();
  for (const rows of sizes) {
    const started = performance.now();
    const opened =
      databaseUrl === undefined
        ? openSqlite(join(home, 'imagemill.db'), { clock: systemClock, flush: false })
        : openPostgres(databaseUrl);
    const now = systemClock.now();
    await fillRun(opened, { runId: runOf(rows), workspace: 'local', out: home, rows, now });
    filled.set(rows, (performance.now() - started) / 1000);
  }
  await using server = await startServer({
    home,
    baseUrl: 'http://127.0.0.1:9',
    concurrency: 4,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const figures: ApiFigures[] = [];
  for (const rows of sizes) {
    const routes = await routeTimes(server, routesOf(runOf(rows), rows));
    const pages = order.pages ? await pageTimes(server, runOf(rows)) : [];
    figures.push({ rows, fillSeconds: filled.get(rows)!, routes, pages });
  }
  return figures;
}

function runOf(rows: number): string {
  return `run${rows}`;
}
