import { describe, expect, test } from 'vitest';
import { runScenario } from './run-scenario.ts';
import { scenarioOf } from './scenario.ts';

/** Seeds of every test run; thousands more are lived by `npm run simulate-seeds`. */
const SEEDS = 240;
/** Seeds in one test, so that a failure names a short range. */
const TOGETHER = 20;
/** Seeds of which every promise is checked after every single step. */
const WATCHED = 40;

describe('a simulated world', () => {
  const starts = Array.from({ length: SEEDS / TOGETHER }, (_, place) => 1 + place * TOGETHER);

  test.each(starts)(
    'keeps every promise through faults and kills (20 seeds from %i)',
    async (start) => {
      for (let seed = start; seed < start + TOGETHER; seed += 1) {
        const ending = await runScenario(scenarioOf(seed), { checkEveryStep: seed <= WATCHED });
        expect(ending.report.items.sent, `seed ${seed}`).toBe(0);
      }
    },
  );

  test('writes the same journal for the same seed', async () => {
    for (const seed of [3, 10, 25]) {
      const [first, second] = [
        await runScenario(scenarioOf(seed)),
        await runScenario(scenarioOf(seed)),
      ];
      expect(second.journal, `seed ${seed}`).toEqual(first.journal);
      expect(second.events).toEqual(first.events);
      expect(second.billedUsdMicros).toBe(first.billedUsdMicros);
    }
  });

  test('has faults, refusals, unknown outcomes, budgets and kills in its seeds', async () => {
    const seen = { unknown: 0, refused: 0, failed: 0, budget: 0, killed: 0, delivered: 0 };
    for (let seed = 1; seed <= 30; seed += 1) {
      const { report, events } = await runScenario(scenarioOf(seed));
      seen.unknown += report.items.unknown;
      seen.refused += report.items.refused;
      seen.failed += report.items.failed;
      seen.delivered += report.items.delivered;
      seen.budget += report.run.reason === 'budget' ? 1 : 0;
      seen.killed += events.length > 1 ? 1 : 0;
    }
    // A simulation in which nothing goes wrong would prove nothing.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(2);
  });
});
