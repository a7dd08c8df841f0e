/**
 * `npm run bench`: how fast and how exact the engine is on this machine, in about seven minutes.
 * `npm run bench -- --only throughput,planning --seed 7 --json`
 * `npm run bench -- --only upscale --photos ~/Pictures`
 * `npm run bench -- --only many-rows`: 100,000 rows on both engines, which takes many minutes more
 */
import { parseArgs } from 'node:util';
import { batchResults } from './batch-results.ts';
import { check } from './check.ts';
import { contactPage } from './contact-page.ts';
import { convert } from './convert.ts';
import { isolation } from './isolation.ts';
import { lanes } from './lanes.ts';
import { machineFacts } from './machine.ts';
import { manyRows } from './many-rows/many-rows.ts';
import { pace } from './pace.ts';
import { planning } from './planning.ts';
import { type Section, sectionText } from './section.ts';
import { eventStreams } from './service/event-streams.ts';
import { openaiRoute } from './service/openai-route.ts';
import { studioPages } from './studio/studio-pages.ts';
import { studioScroll } from './studio/studio-scroll.ts';
import { throughput } from './throughput.ts';
import { upscale } from './upscale.ts';

type Sections = Section | readonly Section[];

const SECTIONS: Readonly<Record<string, (seed: number, photos?: string) => Promise<Sections>>> = {
  throughput,
  planning,
  pace,
  isolation,
  'batch-results': batchResults,
  lanes,
  'contact-page': contactPage,
  convert,
  upscale,
  check,
  'openai-route': openaiRoute,
  'event-streams': eventStreams,
  'studio-pages': studioPages,
  'studio-scroll': studioScroll,
  'many-rows': manyRows,
};

const ONLY_BY_NAME = 'many-rows';
const usual = Object.keys(SECTIONS).filter((name) => name !== ONLY_BY_NAME);

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: usual.join(',') },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    photos: { type: 'string' },
  },
});

const wanted = values.only.split(',');
const unknown = wanted.filter((name) => !(name in SECTIONS));
const seed = Number(values.seed);
if (unknown.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(
    `Cannot bench --only '${values.only}' --seed '${values.seed}': parts are ${Object.keys(SECTIONS).join(', ')}, and a seed is a whole number.`,
  );
  process.exit(2);
}

const machine = machineFacts();
const say = values.json ? () => {} : console.log;
say(
  `${Object.entries({ ...machine, seed })
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')}\n`,
);

const results: Record<string, Sections> = {};
for (const name of wanted) {
  const sections = await SECTIONS[name]!(seed, values.photos);
  results[name] = sections;
  for (const section of [sections].flat()) say(`${sectionText(section)}\n`);
}
if (values.json) console.log(JSON.stringify({ machine, seed, results }));
