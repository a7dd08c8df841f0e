import { describe, expect, test } from 'vitest';
import { growthOf } from '../../bench/growth/growth-words.ts';
import { fairnessIn } from '../../bench/growth/workspaces-curve.ts';
import { withPart } from '../../bench/growth/write-scaling.ts';

function curveOf(of: (n: number) => number) {
  return { name: 'a cost', points: [1, 10, 100].map((rows) => ({ rows, value: of(rows) })) };
}

describe('growthOf()', () => {
  test.each([
    [() => 7, 0, 'flat'],
    [Math.sqrt, 0.5, 'below linear'],
    [(n: number) => 3 * n, 1, 'linear'],
    [(n: number) => n ** 2, 2, 'above linear'],
  ])('%s', (of, exponent, words) => {
    const growth = growthOf(curveOf(of));
    expect(growth.exponent).toBeCloseTo(exponent);
    expect(growth.words).toBe(words);
  });

  test('what one costs is flat where all is linear', () => {
    expect(
      growthOf(
        curveOf(() => 7),
        true,
      ).words,
    ).toBe('linear');
    expect(growthOf(curveOf(Math.sqrt), true).words).toBe('above linear');
  });
});

describe('fairnessIn()', () => {
  test('turn by turn is equal', () => {
    const ends = [0, 1, 2, 3].map((at) => ({ workspace: at % 2 === 0 ? 'a' : 'b', at }));
    expect(fairnessIn(ends)).toEqual({
      jain: 1,
      first: { p50: 0, most: 1 },
      last: { p50: 2, least: 2, most: 3 },
    });
  });

  test('one after another is as uneven as it can be', () => {
    const ends = ['a', 'a', 'b', 'b'].map((workspace, at) => ({ workspace, at }));
    expect(fairnessIn(ends).jain).toBe(0.5);
  });
});

test('withPart() replaces what stands between the marks, and misses no mark', () => {
  const text = 'a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb';
  expect(withPart(text, 'x', 'new')).toBe('a\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nb');
  expect(() => withPart(text, 'y', 'new')).toThrow('no place for y');
});
