/**
 * Lives thousands of seeds: `npm run simulate-seeds -- [--from N] [--seeds N] [--watch]`. `--watch` checks
 * every promise after every step. A seed that fails is printed with what it broke, and can be lived
 * again with `--from SEED --seeds 1 --watch`.
 */
import { parseArgs } from 'node:util';
import { runScenario } from './run-scenario.ts';
import { scenarioOf } from './scenario.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '2000' },
    watch: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
const totals = { delivered: 0, refused: 0, failed: 0, unknown: 0, lives: 0, broken: 0 };

for (let seed = from; seed < from + seeds; seed += 1) {
  try {
    const { report, events } = await runScenario(scenarioOf(seed), {
      checkEveryStep: values.watch,
    });
    totals.delivered += report.items.delivered;
    totals.refused += report.items.refused;
    totals.failed += report.items.failed;
    totals.unknown += report.items.unknown;
    totals.lives += events.length;
  } catch (error) {
    totals.broken += 1;
    console.error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const done = seed - from + 1;
  if (done % 100 === 0) console.error(`${done} of ${seeds} seeds, ${totals.broken} broken`);
}

console.log(
  `${seeds} seeds from ${from}: ${totals.lives} lives, ${totals.delivered} images delivered, ${totals.refused} refused, ${totals.failed} failed, ${totals.unknown} unknown; ${totals.broken} seeds broke a promise`,
);
// Calls of processes that were killed still wait in the clients' own timers.
process.exit(totals.broken > 0 ? 1 : 0);
