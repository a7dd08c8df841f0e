import { expect, test } from 'vitest';
import { audit } from './audit.ts';
import type { LoggedRequest } from './request-log.ts';

function submit(at: number, images: number, rest: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    number: 1,
    at,
    method: 'POST',
    path: '/',
    operation: 'submit',
    model: 'm',
    admitted: true,
    images,
    ...rest,
  };
}

test('finds the fullest window wherever it starts', () => {
  const entries = [submit(0, 2), submit(900, 2), submit(1000, 3), submit(1899, 1), submit(1900, 9)];
  expect(audit({ entries }, { windowMs: 1000, max: 13 })).toMatchObject({
    highest: 13,
    isWithin: true,
  });
  expect(audit({ entries: entries.slice(0, 4) }, { windowMs: 1000, max: 5 })).toMatchObject({
    highest: 6,
    isWithin: false,
  });
});

test('counts refused submits, and not their images', () => {
  const refused = submit(1, 50, { admitted: false, status: 429 });
  const poll = submit(2, 50, { operation: 'poll', admitted: false, status: 429 });
  const entries = [submit(0, 1, { status: 200 }), refused, refused, poll];
  expect(audit({ entries }, { windowMs: 1000, max: 1 })).toMatchObject({ highest: 1, refused: 2 });
});

test('finds the most slots filled at once, of one model when asked', () => {
  const entries = [
    submit(0, 1, { slots: 2, activeUntil: 100 }),
    submit(50, 1, { slots: 3, activeUntil: 60 }),
    submit(60, 1, { slots: 2, activeUntil: 100 }),
    submit(99, 1, { slots: 4, activeUntil: 120, model: 'other' }),
  ];
  expect(audit({ entries }, { windowMs: 1, max: 9 }).peakSlots).toBe(8);
  expect(audit({ entries }, { windowMs: 1, max: 9, model: 'm' }).peakSlots).toBe(5);
});

test('an empty log is within every limit', () => {
  expect(audit({ entries: [] }, { windowMs: 1000, max: 0 })).toEqual({
    highest: 0,
    isWithin: true,
    refused: 0,
    peakSlots: 0,
  });
});
