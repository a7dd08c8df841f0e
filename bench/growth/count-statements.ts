/**
 * Which statements an image costs, by workers: `node bench/growth/count-statements.ts --workers 1,2,4 --painter slow
 * --images 32 --slots 16 --runs 4`. Images are those of each run and worker; a part of `npm run growth` in more detail.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scratchFolder } from '../scratch-folder.ts';
import { startPostgres } from '../yardstick/services/postgres.ts';
import { COUNTING_SETTINGS } from './database-use.ts';
import { Mill } from './mill.ts';
import { type Painter, MODELS } from './mill-config.ts';
import { measurePoint } from './run-point.ts';
import { CALLS_A_WORKER } from './workers-curve.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2,4' },
    painter: { type: 'string', default: 'slow' },
    images: { type: 'string', default: '32' },
    runs: { type: 'string', default: '1' },
    slots: { type: 'string' },
    most: { type: 'string', default: '40' },
  },
});
const counts = values.workers.split(',').map(Number);
const { painter } = values;
if (!(painter in MODELS) || counts.some((count) => !(count > 0))) {
  console.error('Cannot count: --workers takes numbers, --painter slow or quick.');
  process.exit(2);
}

const QUERY = `select query, sum(calls)::float8 as calls from pg_stat_statements s
  join pg_database d on d.oid = s.dbid where d.datname = current_database() group by query`;

await using scratch = await scratchFolder();
await using postgres = await startPostgres(scratch.path, COUNTING_SETTINGS);
await using mill = await Mill.open({
  folder: join(scratch.path, 'homes'),
  postgres,
  name: 'statements',
  seed: 1,
  concurrency: CALLS_A_WORKER,
  ...(values.slots !== undefined && { slots: Number(values.slots) }),
});
const table = new Map<string, number[]>();
for (const [at, workers] of counts.entries()) {
  await mill.haveWorkers(workers);
  const images = Number(values.images) * workers;
  const words = { workspace: 'local', painter: painter as Painter };
  await measurePoint(mill, [{ ...words, title: `warm ${workers}`, images: 24 * workers }]);
  const before = await callsByStatement();
  const runs = Array.from({ length: Number(values.runs) }, (_, run) => ({
    ...words,
    title: `of ${workers}, run ${run}`,
    images,
  }));
  const figures = await measurePoint(mill, runs);
  const after = await callsByStatement();
  for (const [query, calls] of after) {
    const row = table.get(query) ?? counts.map(() => 0);
    row[at] = (calls - (before.get(query) ?? 0)) / figures.images;
    table.set(query, row);
  }
  const { commits, statements, flushes, signals, imagesPerSecond, senders, stalled, wrong } =
    figures;
  console.log({
    workers,
    commits,
    statements,
    flushes,
    signals,
    imagesPerSecond,
    senders,
    stalled,
    wrong,
  });
}
const most = (row: readonly number[]) => Math.max(...row);
const rows = [...table].toSorted(([, a], [, b]) => most(b) - most(a)).slice(0, Number(values.most));
console.log(`calls an image, by workers ${counts.join(', ')}`);
for (const [query, row] of rows) {
  console.log(`${row.map((calls) => calls.toFixed(2).padStart(7)).join('')}  ${short(query)}`);
}

async function callsByStatement(): Promise<ReadonlyMap<string, number>> {
  const { rows: found } = await mill.watch.client.query<{ query: string; calls: number }>(QUERY);
  return new Map(found.map(({ query, calls }) => [query, calls]));
}

function short(query: string): string {
  const text = query.replaceAll(/\s+/g, ' ');
  const from = text.search(/ from /i);
  if (!/^select/i.test(text) || from < 60) return text.slice(0, 150);
  return `${text.slice(0, 50)} …${text.slice(from, from + 100)}`;
}
