import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { probabilityOfLower } from './mann-whitney.ts';

describe('probabilityOfLower()', () => {
  // One-sided critical values of U as printed in tables of the test (Mann and Whitney 1947; Siegel).
  test.each([
    [5, 5, 4, 0.05],
    [8, 8, 15, 0.05],
    [10, 10, 27, 0.05],
    [10, 10, 19, 0.01],
    [8, 20, 47, 0.05],
    [8, 20, 41, 0.025],
    [20, 20, 138, 0.05],
    [20, 20, 114, 0.01],
  ])('of %i against %i puts the border of U at %i for %f', (first, second, wins, share) => {
    expect(probabilityOfLower(...samplesWith(first, second, wins))).toBeLessThanOrEqual(share);
    expect(probabilityOfLower(...samplesWith(first, second, wins + 1))).toBeGreaterThan(share);
  });

  test('is one of all orders when every value is lower', () => {
    expect(probabilityOfLower([1, 2, 3], [4, 5, 6])).toBeCloseTo(1 / 20, 12);
    expect(probabilityOfLower([4, 5, 6], [1, 2, 3])).toBe(1);
    const eight = Array.from({ length: 8 }, (_, at) => at);
    const twenty = Array.from({ length: 20 }, (_, at) => 100 + at);
    expect(probabilityOfLower(eight, twenty)).toBeCloseTo(1 / 3_108_105, 12);
  });

  test('says nothing of nothing, and little of what is all the same', () => {
    expect(probabilityOfLower([], [1, 2])).toBe(1);
    expect(probabilityOfLower([1], [])).toBe(1);
    expect(probabilityOfLower([3, 3, 3], [3, 3, 3])).toBe(1);
  });

  test('is the share of all ways to deal the values out that look as bad or worse', () => {
    fc.assert(
      fc.property(distinct(3, 8), fc.integer({ min: 1, max: 4 }), (values, take) => {
        const size = Math.min(take, values.length - 1);
        const lower = values.slice(0, size);
        const higher = values.slice(size);
        const wins = winsOf(lower, higher);
        const deals = choices(values, size);
        const asBad = deals.filter(
          (deal) =>
            winsOf(
              deal,
              values.filter((value) => !deal.includes(value)),
            ) <= wins,
        );
        expect(probabilityOfLower(lower, higher)).toBeCloseTo(asBad.length / deals.length, 10);
      }),
    );
  });

  test('knows the order of the values only, not their size', () => {
    fc.assert(
      fc.property(distinct(6, 30), (values) => {
        const half = Math.floor(values.length / 2);
        const grown = values.map((value) => Math.exp(value / 50) + 7);
        expect(probabilityOfLower(grown.slice(0, half), grown.slice(half))).toBe(
          probabilityOfLower(values.slice(0, half), values.slice(half)),
        );
      }),
    );
  });

  test('grows as the lower values rise', () => {
    fc.assert(
      fc.property(distinct(8, 24), fc.nat(200), (values, rise) => {
        const half = Math.floor(values.length / 2);
        const lower = values.slice(0, half);
        const raised = lower.map((value) => value + rise + 0.25);
        const higher = values.slice(half);
        const before = probabilityOfLower(
          lower.map((value) => value + 0.25),
          higher,
        );
        expect(probabilityOfLower(raised, higher)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('comes close to the exact share by the normal distribution, for large samples and ties', () => {
    fc.assert(
      fc.property(distinct(36, 40), (values) => {
        const [lower, higher] = [values.slice(0, 16), values.slice(16)];
        const exact = probabilityOfLower(lower, higher);
        // One tie far away from the others changes nothing but the way it is counted.
        const tied = probabilityOfLower([...lower, -1e6], [...higher, -1e6]);
        expect(Math.abs(tied - exact)).toBeLessThan(0.08);
      }),
    );
    const many = (from: number) => Array.from({ length: 60 }, (_, at) => from + at * 2);
    expect(probabilityOfLower(many(0), many(1))).toBeGreaterThan(0.4);
    expect(probabilityOfLower(many(0), many(60))).toBeLessThan(0.001);
  });
});

/** Samples of these sizes in which exactly `wins` pairs have the larger value in the first. */
function samplesWith(first: number, second: number, wins: number): [number[], number[]] {
  let left = wins;
  const lower = Array.from({ length: first }, (_, at) => {
    const beaten = Math.min(second, left);
    left -= beaten;
    return beaten * 100 + 50 - at;
  });
  return [lower, Array.from({ length: second }, (_, at) => (at + 1) * 100)];
}

function winsOf(lower: readonly number[], higher: readonly number[]): number {
  return lower.flatMap((low) => higher.filter((high) => low > high)).length;
}

function choices(values: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return values.flatMap((value, at) =>
    choices(values.slice(at + 1), size - 1).map((others) => [value, ...others]),
  );
}

function distinct(minLength: number, maxLength: number) {
  return fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength, maxLength });
}
