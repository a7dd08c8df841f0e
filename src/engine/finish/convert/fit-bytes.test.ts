import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitBytes, LOWEST_QUALITY, MOST_ENCODES } from './fit-bytes.ts';

/** An encoder whose files have these sizes, from quality 1 on. */
function encoderOf(sizes: readonly number[]) {
  const asked: number[] = [];
  const encode = async (quality: number) => {
    asked.push(quality);
    return new Uint8Array(sizes[quality - 1]!);
  };
  return { asked, encode };
}

describe('fitBytes()', () => {
  test('finds the best quality with at most eight encodes, however sizes grow', async () => {
    const growing = fc
      .array(fc.integer({ min: 0, max: 900 }), { minLength: 100, maxLength: 100 })
      .map((steps) => {
        let size = 50;
        return steps.map((step) => (size += step));
      });
    await fc.assert(
      fc.asyncProperty(growing, fc.double({ min: 0, max: 1, noNaN: true }), async (sizes, at) => {
        const mostBytes = Math.max(1, Math.round(at * sizes.at(-1)! * 1.1));
        const { asked, encode } = encoderOf(sizes);
        const fitted = await fitBytes(mostBytes, encode);
        const best = sizes.findLastIndex((size) => size <= mostBytes) + 1;
        if (best < LOWEST_QUALITY) {
          expect(fitted).toEqual({ kind: 'too-large', leastBytes: sizes[LOWEST_QUALITY - 1] });
        } else {
          expect(fitted).toMatchObject({ kind: 'fits', quality: best });
        }
        expect(asked.length).toBeLessThanOrEqual(MOST_ENCODES);
        expect(new Set(asked).size).toBe(asked.length);
        expect(Math.min(...asked)).toBeGreaterThanOrEqual(LOWEST_QUALITY);
      }),
      { numRuns: 300 },
    );
  });

  test('needs six encodes or fewer where sizes grow as those of a photograph do', async () => {
    // By little at first, and ever faster towards 100: thirty times as many bytes as at the lowest.
    const sizes = Array.from({ length: 100 }, (_, at) => 20_000 * Math.exp((at / 99) ** 2 * 3.4));
    for (const mostBytes of [25_000, 60_000, 120_000, 300_000]) {
      const { asked, encode } = encoderOf(sizes.map(Math.round));
      await fitBytes(mostBytes, encode);
      expect(asked.length).toBeLessThanOrEqual(6);
    }
  });
});
