import { expect, test } from 'vitest';
import { UnansweredCalls } from './unanswered-calls.ts';

test('the same call is given its run once, the oldest first, and not for ever', () => {
  let now = 0;
  const calls = new UnansweredCalls(() => now);
  calls.put('a boat', 'r1');
  calls.put('a lake', 'r2');
  calls.put('a boat', 'r3');
  expect([calls.take('a boat'), calls.take('a boat'), calls.take('a boat')]).toEqual([
    'r1',
    'r3',
    undefined,
  ]);
  now = 120_000;
  expect(calls.take('a lake')).toBeUndefined();
});
