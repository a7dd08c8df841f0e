/**
 * `npm run growth`: how cost grows with workers, workspaces and waiting runs, on a PostgreSQL of its own, in about
 * eight minutes. Writes figures and curves below `docs/scaling/`.
 * `npm run growth -- --only workers,workspaces,reading,locks,bucket,pictures --seed 7 --quick --into FOLDER`
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts } from '../machine.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { startPostgres } from '../yardstick/services/postgres.ts';
import { measureBucket } from './bucket-calls.ts';
import { COUNTING_SETTINGS } from './database-use.ts';
import { measureLocks } from './lock-times.ts';
import { measurePictures } from './picture-cost.ts';
import { measureReading } from './reading-costs.ts';
import { tellGrowth } from './tell-growth.ts';
import { type CurveOrder, measureWorkers } from './workers-curve.ts';
import { measureWorkspaces } from './workspaces-curve.ts';

const PARTS = {
  pictures: measurePictures,
  locks: measureLocks,
  workers: measureWorkers,
  workspaces: measureWorkspaces,
  reading: measureReading,
  bucket: measureBucket,
} satisfies Readonly<Record<string, (order: CurveOrder) => Promise<unknown>>>;

const DEFAULT_FOLDER = fileURLToPath(new URL('../../docs/scaling/', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    into: { type: 'string', default: DEFAULT_FOLDER },
  },
});
const wanted = values.only.split(',');
const seed = Number(values.seed);
if (wanted.some((name) => !(name in PARTS)) || !Number.isSafeInteger(seed)) {
  console.error(
    `Cannot measure --only '${values.only}' --seed '${values.seed}': parts are ${Object.keys(PARTS).join(', ')}, and a seed is a whole number.`,
  );
  process.exit(2);
}

const machine = machineFacts();
console.log(
  Object.entries({ ...machine, seed })
    .map(([name, value]) => `${name} ${value}`)
    .join(' · '),
);
await mkdir(values.into, { recursive: true });
await using scratch = await scratchFolder();
await using postgres = await startPostgres(scratch.path, COUNTING_SETTINGS);
let isWrong = false;
for (const name of wanted) {
  const started = performance.now();
  const figures = await PARTS[name as keyof typeof PARTS]({
    folder: join(scratch.path, 'homes'),
    postgres,
    seed,
    isQuick: values.quick,
    say: (line) => console.log(`  ${line}`),
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  const told = { machine, seed, command: commandOf(name), seconds, figures };
  isWrong = (await tellGrowth(values.into, name as keyof typeof PARTS, told)) || isWrong;
  console.log(`${name}: ${seconds} s\n`);
}
if (isWrong) process.exitCode = 1;

function commandOf(name: string): string {
  return `npm run growth -- --only ${name} --seed ${seed}${values.quick ? ' --quick' : ''}`;
}
