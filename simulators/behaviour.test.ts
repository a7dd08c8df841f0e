import { expect, test } from 'vitest';
import { changeBehaviour } from './behaviour.ts';

test('parts of limits, refusals, faults and batch are merged, null takes them away', () => {
  const before = {
    latencyMs: 5,
    faults: { replyLost: 0.1, hang: 0.1 },
    limits: { slots: 3 },
    batch: { durationMs: 9 },
  };
  const change = {
    faults: { hang: null, blank: 0.2 },
    limits: null,
    apiKey: 'k',
    batch: { finishedShare: 1 },
  };
  expect(changeBehaviour(before, change)).toEqual({
    latencyMs: 5,
    faults: { replyLost: 0.1, blank: 0.2 },
    apiKey: 'k',
    batch: { durationMs: 9, finishedShare: 1 },
  });
});

test.each([
  [{ fault: {} }],
  [{ faults: { replyLost: 0.6, hang: 0.6 } }],
  [{ refusals: { pattern: '(' } }],
  [{ latencyMs: [9, 1] }],
  [{ limits: { imagesPerMinute: 0 } }],
])('%j is no behaviour', (change) => {
  expect(() => changeBehaviour({}, change)).toThrow();
});
