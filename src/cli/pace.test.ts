import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const MINUTE = 60_000;

test('a steady run ends when its pace says so', () => {
  const pace = new Pace();
  for (let second = 0; second <= 60; second += 1) pace.add(second * 1000, second);
  expect(pace.perMinute(MINUTE)).toBeCloseTo(60);
  expect(pace.doneAt(30, MINUTE)).toBeCloseTo(MINUTE + 30_000);
});

test('a burst before a wait is not taken for the pace', () => {
  const pace = new Pace();
  pace.add(0, 0);
  pace.add(6_000, 30);
  pace.blocked(6_000, MINUTE);
  expect(pace.doneAt(300, 6_000)).toBeCloseTo(6_000 + 10 * MINUTE);
  expect(pace.doneAt(1, 6_000)).toBe(MINUTE);
});

test('when no wait follows, what is measured counts again', () => {
  const pace = new Pace();
  pace.add(0, 0);
  pace.add(6_000, 30);
  pace.blocked(6_000, 8_000);
  for (let second = 7; second <= 60; second += 1) pace.add(second * 1000, 30 + second);
  expect(pace.doneAt(90, MINUTE)).toBeCloseTo(2 * MINUTE);
});

test('nothing is said before anything has ended', () => {
  const pace = new Pace();
  pace.add(0, 5);
  pace.blocked(0, MINUTE);
  expect(pace.perMinute(MINUTE)).toBeUndefined();
  expect(pace.doneAt(10, MINUTE)).toBeUndefined();
});
