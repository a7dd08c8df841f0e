import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lowerBoundMs, sheetOrderMs } from '../../bench/yardstick/lower-bound.ts';

const limit = { images: 2, windowMs: 1000 };

describe('lowerBoundMs()', () => {
  test('is the longest latency where nothing limits', () => {
    expect(lowerBoundMs([300, 500, 100], {})).toBe(500);
  });

  test('is 0 for no images at all', () => {
    expect(lowerBoundMs([], { limit })).toBe(0);
  });

  test('adds a window for each full crowd before the last image', () => {
    expect(lowerBoundMs([300, 300, 300, 300], { limit })).toBe(1300);
    expect(lowerBoundMs([300, 300, 300, 300, 300], { limit })).toBe(2300);
  });

  test('lets the longest go first', () => {
    expect(lowerBoundMs([100, 100, 900, 900], { limit })).toBe(1100);
  });

  test('is later in the sheet’s order, where the last may be the longest', () => {
    expect(sheetOrderMs([900, 900, 100, 900], { limit })).toBe(1900);
    expect(sheetOrderMs([], { limit })).toBe(0);
  });

  test('may be held up by a picture that outlasts the windows after it', () => {
    expect(lowerBoundMs([100, 5000, 100], { limit })).toBe(5000);
  });

  test('is below every order that keeps to the limit', () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 7 }), (latenciesMs, images) => {
        const windowMs = 1000;
        // As early as a rolling window lets each start, in the order of the list.
        const starts: number[] = [];
        for (const place of latenciesMs.keys()) {
          starts.push(place < images ? 0 : starts[place - images]! + windowMs);
        }
        const end = Math.max(...latenciesMs.map((latencyMs, at) => starts[at]! + latencyMs));
        expect(lowerBoundMs(latenciesMs, { limit: { images, windowMs } })).toBeLessThanOrEqual(end);
      }),
    );
  });
});
