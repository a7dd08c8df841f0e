import { seededRandom } from '../src/engine/core/random.ts';
import {
  leastRequests,
  rehearseHalving,
  rehearseIsolation,
  rehearseOneByOne,
} from '../test/support/isolation-rehearsal.ts';
import { figure, type Section } from './section.ts';

const PROMPTS = 2000;
const SHEETS = 10;
const RATES = [0.005, 0.01, 0.02, 0.05, 0.1] as const;
const MOST_PROMPTS = [16, 50] as const;
/** As many bundles as a run has in flight at a time. */
const IN_FLIGHT = 8;

/**
 * Extra requests for each refusal at a vendor that refuses a whole request for one of its prompts: by
 * the engine's own decisions, which begin by knowing nothing of the rate, beside the fewest possible.
 */
export function isolation(seed: number): Promise<Section> {
  const rows = MOST_PROMPTS.flatMap((most) => RATES.map((rate) => measure(rate, most, seed)));
  return Promise.resolve({
    title: `Isolation: ${PROMPTS} prompts a sheet, ${SHEETS} sheets of each rate, ${IN_FLIGHT} requests at a time`,
    how: [
      'Extra requests for each refused prompt: more than full requests without a refusal would be.',
      'The bound is what no procedure can go below in the mean (information, and the largest request).',
      'Plain halving asks both halves of each refused request; one by one asks each of its prompts alone.',
    ],
    rows,
  });
}

function measure(rate: number, mostPrompts: number, seed: number): Section['rows'][number] {
  const random = seededRandom(seed);
  const sums = { requests: 0, least: 0, halving: 0, oneByOne: 0, refused: 0 };
  for (let sheet = 0; sheet < SHEETS; sheet += 1) {
    const offenders = Array.from({ length: PROMPTS }, () => random.next() < rate);
    const refused = offenders.filter(Boolean).length;
    sums.refused += refused;
    const ways = { offenders, mostPrompts, random, concurrency: IN_FLIGHT };
    sums.requests += rehearseIsolation(ways).requests;
    sums.least += leastRequests(PROMPTS, refused, mostPrompts);
    sums.halving += rehearseHalving(offenders, mostPrompts).requests;
    sums.oneByOne += rehearseOneByOne(offenders, mostPrompts).requests;
  }
  const full = SHEETS * Math.ceil(PROMPTS / mostPrompts);
  const extra = (requests: number) => figure((requests - full) / sums.refused);
  return {
    'prompts a request': mostPrompts,
    'refused %': rate * 100,
    extra: extra(sums.requests),
    bound: extra(sums.least),
    'all requests / bound': figure(sums.requests / sums.least),
    'plain halving': extra(sums.halving),
    'one by one': extra(sums.oneByOne),
  };
}
