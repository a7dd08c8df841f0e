import { expect, test } from 'vitest';
import { readExpiry, readSpan } from './expiry.ts';

const NOW = new Date('2026-11-23T12:00').getTime();
const HOUR_MS = 3_600_000;

test.each([
  ['30min', HOUR_MS / 2],
  ['12h', 12 * HOUR_MS],
  ['90d', 90 * 24 * HOUR_MS],
  ['1 D', 24 * HOUR_MS],
])('%s is a length of time', (text, milliseconds) => {
  expect(readSpan('--keep-old', text)).toBe(milliseconds);
  expect(readExpiry('--expires', text, NOW)).toBe(NOW + milliseconds);
});

test.each([
  ['2026-11-24', new Date(2026, 10, 24).getTime()],
  ['2026-11-24 09:30', new Date(2026, 10, 24, 9, 30).getTime()],
  ['2026-11-24T09:30Z', Date.UTC(2026, 10, 24, 9, 30)],
])('%s is a moment', (text, at) => {
  expect(readExpiry('--expires', text, NOW)).toBe(at);
});

test.each(['', 'soon', '2026-11-23', '2020-01-01', '2026-13-40', '999999d', '-1d', '0h'])(
  '"%s" is no end of a key',
  (text) => {
    expect(() => readExpiry('--expires', text, NOW)).toThrow(/^--expires must be a time to come/);
  },
);

test('what is no length of time is refused', () => {
  expect(() => readSpan('--keep-old', '2027-01-01')).toThrow('it is "2027-01-01"');
});
