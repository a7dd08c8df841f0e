import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mostInAnyWindow } from '../../../test/support/audit-grants.ts';
import type { Grant } from '../core/admission.ts';
import { nextFitAt, windowMarginMs } from './rolling-window.ts';

describe('nextFitAt()', () => {
  test('is when enough has come back, and not before', () => {
    const returns = [
      { at: 10, units: 2 },
      { at: 20, units: 1 },
      { at: 30, units: 4 },
    ];
    expect(nextFitAt(returns, { used: 7, max: 7, units: 1 })).toBe(10);
    expect(nextFitAt(returns, { used: 7, max: 7, units: 2 })).toBe(10);
    expect(nextFitAt(returns, { used: 7, max: 7, units: 3 })).toBe(20);
    expect(nextFitAt(returns, { used: 7, max: 7, units: 7 })).toBe(30);
  });

  test('is unknown when nothing that comes back makes enough room', () => {
    expect(nextFitAt([{ at: 10, units: 2 }], { used: 7, max: 4, units: 1 })).toBeUndefined();
  });

  test('never lets more than the limit into any window when it is followed', () => {
    const arrivals = fc.array(
      fc.record({ afterMs: fc.nat(3_000), units: fc.integer({ min: 1, max: 5 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 5, max: 20 }), (requests, max) => {
        const windowMs = 10_000;
        const grants: Grant[] = [];
        const inWindow = (at: number) => grants.filter((grant) => grant.grantedAt > at - windowMs);
        const used = (at: number) => inWindow(at).reduce((sum, grant) => sum + grant.units, 0);
        let now = 0;
        for (const { afterMs, units } of requests) {
          now += afterMs;
          if (used(now) + units > max) {
            const returns = inWindow(now).map((grant) => ({
              at: grant.grantedAt + windowMs,
              units: grant.units,
            }));
            const until = nextFitAt(returns, { used: used(now), max, units });
            expect(until).toBeGreaterThan(now);
            // The earliest: a moment before, it would not have fitted.
            expect(used(until! - 1) + units).toBeGreaterThan(max);
            now = until!;
          }
          grants.push({ grantedAt: now, units });
        }
        expect(mostInAnyWindow(grants, windowMs)).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('windowMarginMs()', () => {
  test('is one per cent of the window, from 100 ms to 2 s', () => {
    expect([1_000, 60_000, 3_600_000].map(windowMarginMs)).toEqual([100, 600, 2_000]);
  });
});
