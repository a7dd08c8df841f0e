import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '../scratch-folder.ts';
import { figure, type Section } from '../section.ts';
import { startPostgres } from '../yardstick/services/postgres.ts';
import { measurePlainLoop, measureWay, type Way } from './way.ts';

/** `BENCH_ROWS=10000` makes it shorter. */
const ROWS = Number(process.env['BENCH_ROWS'] ?? 100_000);

/** The whole way of 100,000 rows on both engines, beside a loop that keeps no books. */
export async function manyRows(seed: number): Promise<Section> {
  await using scratch = await scratchFolder();
  await using postgres = await startPostgres(scratch.path);
  const { url: databaseUrl } = postgres;
  const order = { rows: ROWS, seed, delivers: 'files' } as const;
  const folder = scratch.path;
  const plain = await measurePlainLoop({ ...order, folder });
  const sqlite = await measureWay({ ...order, folder: join(folder, 'sqlite') });
  await rm(join(folder, 'sqlite'), { recursive: true });
  const onPostgres = await measureWay({
    ...order,
    folder: join(folder, 'on-postgres'),
    databaseUrl,
  });
  return {
    title: `The way of ${ROWS.toLocaleString('en-US')} rows, an image of 64x64 each`,
    how: [
      'A vendor without latency takes 100 prompts a request, 4 requests at a time, in a process of its own.',
      'Peak MB: of that stage alone. The plain loop plans nothing, checks nothing, keeps no books and flushes nothing.',
      'PostgreSQL runs on the same machine; every commit is flushed on both engines.',
      ...[sqlite, onPostgres].map((way) => `Bill and books: ${wordsOf(way)}.`),
    ],
    rows: [
      ...rowsOf('plain loop', plain),
      ...rowsOf('imagemill, SQLite', sqlite),
      ...rowsOf('imagemill, PostgreSQL', onPostgres),
    ],
  };
}

function wordsOf({ wrong, rows }: Way): string {
  return wrong.length === 0
    ? `${rows} rows made and paid once each, all sums equal`
    : wrong.join(', ');
}

function rowsOf(what: string, { rows, stages }: Way): Section['rows'] {
  return stages.map(({ stage, seconds, cpuSeconds, peakMegabytes }) => ({
    what,
    stage,
    seconds: figure(seconds),
    'rows/s': figure(rows / seconds),
    'CPU ms/row': figure((cpuSeconds / rows) * 1000),
    'peak MB': peakMegabytes,
  }));
}
