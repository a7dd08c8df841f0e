import { describe, expect, test } from 'vitest';
import { serveSeed, type ServedWorld } from './service-world.ts';

const SEEDS = 60;
const SEEDS_A_TEST = 10;

describe('a simulated service', () => {
  const lived: ServedWorld[] = [];

  test.each(Array.from({ length: SEEDS / SEEDS_A_TEST }, (_, place) => place * SEEDS_A_TEST + 1))(
    'keeps every balance and budget, and lets every run come to its end (10 seeds from %i)',
    { timeout: 120_000 },
    async (first) => {
      for (let seed = first; seed < first + SEEDS_A_TEST; seed += 1) {
        const served = await serveSeed(seed).catch((error: unknown) => {
          throw new Error(`seed ${seed}`, { cause: error });
        });
        for (const run of served.runs) {
          const end = `${run.state} ${run.reason ?? ''}`.trim();
          expect(['done', 'stopped credits', 'stopped budget'], `seed ${seed}`).toContain(end);
        }
        expect(served.billedImages, `seed ${seed}`).toBeLessThanOrEqual(
          served.delivered + served.unknown,
        );
        lived.push(served);
      }
    },
  );

  test('has runs that ended well, for want of credits, for a key’s budget, and after deaths', () => {
    const reasons = new Set(
      lived.flatMap(({ runs }) => runs.map(({ reason }) => reason ?? 'none')),
    );
    expect([...reasons].toSorted()).toEqual(['budget', 'credits', 'none']);
    expect(lived.some(({ lives }) => lives > 2)).toBe(true);
    expect(lived.some(({ unknown }) => unknown > 0)).toBe(true);
  });
});
