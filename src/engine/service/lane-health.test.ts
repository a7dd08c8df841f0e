import { expect, test } from 'vitest';
import type { LaneEnd } from '../core/dashboard.ts';
import type { FailureKind } from '../core/failure.ts';
import { NO_USAGE } from '../core/usage.ts';
import { type LaneFacts, laneStanding } from './lane-health.ts';

const end = (at: number, made: number, failure?: FailureKind): LaneEnd => ({
  lane: 'a-model',
  at,
  made,
  ...(failure && { failure }),
  ...(made === 0 && { words: 'No.' }),
});
const wait = { runId: 'r1', limit: 'images-per-minute', reason: 'full', until: 99 };

function verdict(facts: Partial<LaneFacts>): string {
  return laneStanding({
    load: { sent: 0, waiting: 0 },
    waits: [],
    ends: [],
    recent: NO_USAGE,
    ...facts,
  }).verdict;
}

test.each<[string, Partial<LaneFacts>]>([
  ['idle', {}],
  ['idle', { ends: [end(1, 1)] }],
  ['working', { recent: { ...NO_USAGE, delivered: 1 } }],
  ['working', { load: { sent: 1, waiting: 0 }, waits: [wait] }],
  ['waiting', { waits: [wait], ends: [end(2, 0, 'rate-limited'), end(1, 1)] }],
  ['account-empty', { ends: [end(2, 0, 'account-exhausted'), end(1, 1)] }],
  ['key-refused', { ends: [end(3, 0, 'rate-limited'), end(2, 0, 'key-unusable'), end(1, 1)] }],
  ['model-gone', { ends: [end(1, 0, 'model-gone')] }],
  ['idle', { ends: [end(2, 1), end(1, 0, 'account-exhausted')] }],
  ['failing', { ends: [end(3, 0), end(2, 0), end(1, 0, 'overloaded')] }],
  ['working', { ends: [end(2, 0), end(1, 1)], recent: { ...NO_USAGE, delivered: 1, failed: 1 } }],
])('a lane is %s after %j', (expected, facts) => {
  expect(verdict(facts)).toBe(expected);
});

test('a lane tells what came last, and what went wrong last', () => {
  const ends = [end(5, 0, 'overloaded'), end(3, 1)];
  const facts = { load: { sent: 0, waiting: 2 }, waits: [], recent: NO_USAGE };
  expect(laneStanding({ ...facts, ends })).toMatchObject({
    waiting: 2,
    lastSuccessAt: 3,
    lastFailure: { at: 5, kind: 'overloaded', words: 'No.' },
  });
  expect(laneStanding({ ...facts, ends: [], deliveredAt: 1 })).toMatchObject({ lastSuccessAt: 1 });
});
