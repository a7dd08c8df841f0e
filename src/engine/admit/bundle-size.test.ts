import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entropy } from '../../../test/support/isolation-rehearsal.ts';
import { planSplitting } from './bundle-size.ts';
import { refusalRate } from './refusal-rate.ts';

const FREE = { requestMicros: 1000, refusedPromptMicros: 0 };

describe('planSplitting()', () => {
  test('sends about as many prompts together as are refused once in two bundles', () => {
    const fresh = [0.01, 0.02, 0.05, 0.1, 0.2].map(
      (rate) => planSplitting({ rate, most: 1000, cost: FREE }).fresh,
    );
    // Golomb's rule for runs of this mean: q^m is nearest to one half.
    expect(fresh).toEqual([69, 34, 13, 7, 3]);
  });

  test('asks for each prompt alone where more than about a third is refused', () => {
    expect(planSplitting({ rate: 0.34, most: 50, cost: FREE }).fresh).toBe(1);
    expect(planSplitting({ rate: 0.3, most: 50, cost: FREE }).fresh).toBeGreaterThan(1);
  });

  test('sends as many as may travel where hardly any is refused', () => {
    expect(planSplitting({ rate: 0.001, most: 50, cost: FREE }).fresh).toBe(50);
  });

  test('is expected to need at most a tenth more requests than the information bound', () => {
    const most = 1000;
    for (const rate of [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3]) {
      const { microsPerPrompt } = planSplitting({ rate, most, cost: FREE });
      const overBound = microsPerPrompt / FREE.requestMicros / entropy(rate);
      expect(overBound).toBeGreaterThan(1);
      expect(overBound).toBeLessThan(rate > 0.25 ? 1.13 : 1.1);
    }
  });

  test('sends fewer together the more a refused prompt costs', () => {
    const sizes = [0, 10, 100, 1000, 100_000].map(
      (refusedPromptMicros) =>
        planSplitting({ rate: 0.02, most: 50, cost: { requestMicros: 1000, refusedPromptMicros } })
          .fresh,
    );
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    expect(sizes[0]).toBe(34);
    expect(sizes.at(-1)).toBe(1);
  });

  test('splits every group into a part that leaves something', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.0005, max: 0.9, noNaN: true }),
        fc.integer({ min: 2, max: 60 }),
        (rate, most) => {
          const { fresh, partOf } = planSplitting({ rate, most, cost: FREE });
          expect(fresh).toBeGreaterThanOrEqual(1);
          expect(fresh).toBeLessThanOrEqual(most);
          expect(partOf(1)).toBe(1);
          for (let size = 2; size <= most + 10; size += 1) {
            expect(partOf(size)).toBeGreaterThanOrEqual(1);
            expect(partOf(size)).toBeLessThan(size);
          }
        },
      ),
    );
  });
});

describe('refusalRate()', () => {
  test('believes 2 in 100 before anything was seen', () => {
    expect(refusalRate({ prompts: 0, refused: 0 })).toBe(0.02);
  });

  test('comes to what was seen', () => {
    expect(refusalRate({ prompts: 10_000, refused: 1000 })).toBeCloseTo(0.1, 2);
    expect(refusalRate({ prompts: 10_000, refused: 0 })).toBeLessThan(0.0002);
  });

  test('is never quite 0 and never quite 1', () => {
    expect(refusalRate({ prompts: 1e9, refused: 0 })).toBeGreaterThan(0);
    expect(refusalRate({ prompts: 1e6, refused: 1e6 })).toBeLessThan(1);
  });
});
