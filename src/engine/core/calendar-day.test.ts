import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayAfter, dayAt, dayStart, isTimeZone } from './calendar-day.ts';

const time = (text: string) => Date.parse(text);

describe('days of a time zone', () => {
  test.each([
    ['2026-11-23', 'UTC', '2026-11-23T00:00:00Z'],
    ['2026-11-23', 'Europe/Berlin', '2026-11-22T23:00:00Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00Z'],
    ['2026-11-23', 'Pacific/Kiritimati', '2026-11-22T10:00:00Z'],
    ['2026-11-23', 'Pacific/Niue', '2026-11-23T11:00:00Z'],
    ['2026-11-23', 'Asia/Kathmandu', '2026-11-22T18:15:00Z'],
    // Midnight itself is left out there on this day.
    ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00Z'],
    // And here the hour before midnight comes twice.
    ['2026-04-05', 'America/Santiago', '2026-04-05T04:00:00Z'],
  ])('%s begins in %s at %s', (day, zone, start) => {
    expect(new Date(dayStart(day, zone)!).toISOString()).toBe(new Date(start).toISOString());
  });

  test('a day begins where the day before ends', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/Santiago', 'Asia/Kathmandu', 'Asia/Beirut'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: time('2026-01-01'), max: time('2028-01-01') }),
        (zone, at) => {
          const day = dayAt(at, zone);
          const start = dayStart(day, zone)!;
          const end = dayStart(dayAfter(day, 1), zone)!;
          expect(start <= at && at < end).toBe(true);
          expect(dayAt(start, zone)).toBe(day);
          expect(dayAt(start - 1, zone)).toBe(dayAfter(day, -1));
        },
      ),
    );
  });

  test.each(['2026-02-30', '2026-13-01', 'today', '2026-1-1', ''])('%s is none', (text) => {
    expect(dayStart(text, 'UTC')).toBeUndefined();
  });

  test('zones are known by their names', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });
});
