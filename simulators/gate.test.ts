import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

const LIMITS = { imagesPerMinute: 3, windowMs: 1000, slots: 2 };
const ASK = { images: 1, slots: 1, slotGroup: 'model', durationMs: 0 };

test('an image counts until exactly one window after its admission', () => {
  const gate = new Gate();
  expect(gate.admit(0, { ...ASK, images: 2 }, LIMITS)).toBeUndefined();
  expect(gate.admit(400, ASK, LIMITS)).toBeUndefined();
  expect(gate.admit(999, ASK, LIMITS)).toMatchObject({ limit: 'images', retryAfterMs: 1 });
  expect(gate.admit(1000, { ...ASK, images: 2 }, LIMITS)).toBeUndefined();
  expect(gate.admit(1399, ASK, LIMITS)).toMatchObject({ used: 3, retryAfterMs: 1 });
});

test('a refusal counts for nothing', () => {
  const gate = new Gate();
  gate.admit(0, { ...ASK, images: 3 }, LIMITS);
  for (let turn = 0; turn < 5; turn += 1) gate.admit(500, ASK, LIMITS);
  expect(gate.readings(500, 'model', LIMITS)[0]).toEqual({
    limit: 'images',
    max: 3,
    remaining: 0,
    resetMs: 500,
  });
  expect(gate.admit(1000, { ...ASK, images: 3 }, LIMITS)).toBeUndefined();
});

test('what is larger than the limit never fits', () => {
  expect(new Gate().admit(0, { ...ASK, images: 4 }, LIMITS)).toMatchObject({
    limit: 'images',
    retryAfterMs: undefined,
  });
});

test('slots are freed in the order in which tasks end, each group for itself', () => {
  const gate = new Gate();
  const slots = { slots: 2 };
  gate.admit(0, { ...ASK, durationMs: 900 }, slots);
  gate.admit(0, { ...ASK, durationMs: 300 }, slots);
  expect(gate.admit(100, ASK, slots)).toMatchObject({ limit: 'slots', retryAfterMs: 200 });
  expect(gate.admit(100, { ...ASK, slotGroup: 'other' }, slots)).toBeUndefined();
  expect(gate.admit(300, { ...ASK, durationMs: 10 }, slots)).toBeUndefined();
});
