/**
 * `npm run million-rows -- --stage run`: a sheet of a million rows through the whole engine, as one command.
 *
 *   --stage plan   read, checked, priced and entered into the store; nothing is sent
 *   --stage run    and made by a simulated vendor, delivered, told in a results sheet, exported as WebDataset
 *   --stage api    what the service takes for each question on runs of 1,000 to a million rows
 *   --engine sqlite|postgres   --rows 1000,10000,100000,1000000   --deliver files|none   --folder DIR   --pages
 *
 * The figures go to docs/scaling/rows-STAGE-ENGINE.json, rows after rows, as soon as they are there.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from '../bench/machine.ts';
import { measureApi } from '../bench/many-rows/measure-api.ts';
import { measureWay, type Way } from '../bench/many-rows/way.ts';
import { scratchFolder } from '../bench/scratch-folder.ts';
import { startPostgres } from '../bench/yardstick/services/postgres.ts';
import { writeRowsCharts } from '../bench/many-rows/write-charts.ts';

const ENGINES = ['sqlite', 'postgres'] as const;
const STAGES = ['plan', 'run', 'api'] as const;
const RESULTS = join(import.meta.dirname, '../docs/scaling');

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    stage: { type: 'string', default: 'plan' },
    rows: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    deliver: { type: 'string', default: 'none' },
    /** Where everything is made; a folder of its own by default. */
    folder: { type: 'string' },
    pages: { type: 'boolean', default: false },
  },
});

const engine = oneOf('engine', ENGINES);
const stage = oneOf('stage', STAGES);
const delivers = oneOf('deliver', ['none', 'files'] as const);
const sizes = values.rows.split(',').map(Number);
const seed = Number(values.seed);
if (![...sizes, seed].every((each) => Number.isSafeInteger(each) && each > 0)) {
  refuse(`--rows ${values.rows} --seed ${values.seed}: rows and seeds are whole numbers above 0`);
}

await using scratch = values.folder === undefined ? await scratchFolder() : undefined;
const folder = values.folder ?? scratch!.path;
await mkdir(folder, { recursive: true });
await using postgres = engine === 'postgres' ? await startPostgres(folder) : undefined;
const database = postgres === undefined ? {} : { databaseUrl: postgres.url };
const facts = { machine: machineFacts(), seed, engine, stage };

if (stage === 'api') {
  const figures = await measureApi({ sizes, folder, pages: values.pages, ...database });
  await keep({ ...facts, sizes: figures });
} else {
  const ways: Way[] = [];
  for (const rows of sizes) {
    const until = stage === 'plan' ? { until: 'plan' as const } : {};
    const way = await measureWay({ rows, seed, folder, delivers, ...until, ...database });
    ways.push(way);
    console.log(textOf(way));
    await keep({ ...facts, delivers, ways });
    await rm(join(folder, `way-${rows}`), { recursive: true });
    if (way.wrong.length > 0) process.exitCode = 1;
  }
}

function textOf({ rows, stages, wrong, bill }: Way): string {
  const lines = stages.map(
    ({ stage: name, seconds, peakMegabytes }) =>
      `  ${name.padEnd(18)} ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s, at most ${peakMegabytes} MB`,
  );
  const agreed = bill === undefined ? 'nothing sent' : 'bill and books agree';
  const books = wrong.length === 0 ? agreed : `WRONG: ${wrong.join('; ')}`;
  return [`${rows} rows, ${books}`, ...lines].join('\n');
}

async function keep(results: object): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `rows-${stage}-${engine}.json`);
  await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
  await writeRowsCharts(RESULTS);
  console.log(`${file} is written.`);
}

function oneOf<Choice extends string>(
  name: keyof typeof values,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((each) => each === values[name]);
  return choice ?? refuse(`--${name} ${values[name]}: choose ${choices.join(' or ')}`);
}

function refuse(words: string): never {
  console.error(`Cannot measure ${words}.`);
  process.exit(2);
}
