import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { waitMs } from './retry-after.ts';

const chance = (value: number) => ({ next: () => value });

describe('waitMs()', () => {
  test('keeps the word of the vendor and adds at most a tenth', () => {
    fc.assert(
      fc.property(
        fc.nat(3_600_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retryAfterMs, next) => {
          const wait = waitMs({ retryAfterMs, repetition: 0, random: chance(next) });
          expect(wait).toBeGreaterThanOrEqual(retryAfterMs);
          expect(wait).toBeLessThanOrEqual(Math.ceil(retryAfterMs * 1.1));
        },
      ),
    );
  });

  test('never waits more than about an hour for a vendor', () => {
    const wait = waitMs({
      retryAfterMs: Number.MAX_SAFE_INTEGER,
      repetition: 0,
      random: chance(0),
    });
    expect(wait).toBe(3_600_000);
  });

  test('doubles its own wait from 1 s to 60 s and leaves half of it to chance', () => {
    const waits = [0, 1, 2, 5, 6, 10_000].map((repetition) => [
      waitMs({ repetition, random: chance(0) }),
      waitMs({ repetition, random: chance(0.999_999) }),
    ]);
    expect(waits).toEqual([
      [500, 1000],
      [1000, 2000],
      [2000, 4000],
      [16_000, 32_000],
      [30_000, 60_000],
      [30_000, 60_000],
    ]);
  });
});
