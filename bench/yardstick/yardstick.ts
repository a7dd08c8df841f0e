/**
 * `npm run yardstick`: the same sheets made by Imagemill and by what people use today, against the
 * same simulated vendor, in about twelve minutes.
 * `npm run yardstick -- --only imagemill,bullmq --scenario kill,faults --seed 7 --json`
 * `npm run yardstick -- --quick`: the same in little, to see that it works; its times mean nothing.
 */
import { parseArgs } from 'node:util';
import { machineFacts } from '../machine.ts';
import { CONTENDERS } from './contenders.ts';
import { runAll } from './run-all.ts';
import { SCENARIO_NAMES, type ScenarioName } from './scenarios.ts';
import { tablesOf } from './tables.ts';
import { sectionText } from '../section.ts';
import { writeResults } from './write-results.ts';

const names = CONTENDERS.map(({ name }) => name);
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join(',') },
    scenario: { type: 'string', default: SCENARIO_NAMES.join(',') },
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const wanted = values.only.split(',');
const scenarios = values.scenario.split(',') as ScenarioName[];
const seed = Number(values.seed);
const strangers = [
  ...wanted.filter((name) => !names.includes(name)),
  ...scenarios.filter((name) => !SCENARIO_NAMES.includes(name)),
];
if (strangers.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(
    `Cannot measure ${strangers.join(', ') || `with the seed '${values.seed}'`}: contenders are ${names.join(', ')}; scenarios are ${SCENARIO_NAMES.join(', ')}; a seed is a whole number.`,
  );
  process.exit(2);
}

const machine = machineFacts();
const say = values.json ? () => {} : console.log;
const results = {
  machine,
  firstSeed: seed,
  isQuick: values.quick,
  ...(await runAll({ wanted, scenarios, seed, isQuick: values.quick, say })),
};
if (values.json) console.log(JSON.stringify(results));
for (const table of tablesOf(results)) say(`${sectionText(table)}\n`);
const isWhole = values.only === names.join(',') && scenarios.length === SCENARIO_NAMES.length;
if (isWhole && !values.quick) await writeResults(results);
