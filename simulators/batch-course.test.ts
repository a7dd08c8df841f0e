import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../test/support/virtual-clock.ts';
import { BatchCourse } from './batch-course.ts';
import type { Behaviour } from './behaviour.ts';

function startBatch(terms: Behaviour['batch'], { lines = 10, isAccepted = true } = {}) {
  const clock = new VirtualClock();
  const start = clock.now();
  const made: number[] = [];
  const ends: string[] = [];
  const course = new BatchCourse({
    clock,
    terms,
    lines,
    accept: () => isAccepted,
    make: async () => {
      made.push(clock.now() - start);
    },
    end: async (status) => {
      ends.push(status);
    },
  });
  course.start();
  return { clock, course, made, ends, start };
}

describe('BatchCourse', () => {
  test('makes its lines evenly over a minute, and then is completed', async () => {
    const { clock, course, made, start } = startBatch({});
    expect(course.status).toBe('validating');
    await clock.advance(3_000);
    expect(course.status).toBe('running');
    await clock.advance(56_999);
    expect(made).toEqual([
      8_400, 13_800, 19_200, 24_600, 30_000, 35_400, 40_800, 46_200, 51_600, 57_000,
    ]);
    expect(course.status).toBe('finalizing');
    await clock.advance(1);
    expect(course.status).toBe('completed');
    expect(course.momentOf('completed')).toBe(start + 60_000);
    expect(course.cancel()).toBe(false);
  });

  test('needs no time where it is given none', async () => {
    const { clock, course, made, ends } = startBatch({ durationMs: 0 });
    await clock.settle();
    expect([course.status, ends]).toEqual(['completed', ['completed']]);
    expect(made).toHaveLength(10);
  });

  test('makes nothing of what is not accepted', async () => {
    const { clock, course, made } = startBatch({}, { isAccepted: false });
    await clock.advance(60_000);
    expect([course.status, made]).toEqual(['failed', []]);
  });

  test('expires with what was made until then', async () => {
    const { clock, course, made } = startBatch({ durationMs: 100_000, expireAfterMs: 50_000 });
    await clock.advance(49_999);
    expect(course.status).toBe('running');
    await clock.advance(1);
    expect([course.status, made.length]).toEqual(['expired', 5]);
  });

  test.each([0, 0.3, 1])('expires with the share %d that it is told', async (finishedShare) => {
    const terms = { durationMs: 100_000, expireAfterMs: 50_000, finishedShare };
    const { clock, course, made } = startBatch(terms);
    await clock.advance(50_000);
    expect(made).toHaveLength(10 * finishedShare);
    expect(course.status).toBe(finishedShare === 1 ? 'completed' : 'expired');
  });

  test('stops when it is cancelled, keeps what was made, and takes a while', async () => {
    const { clock, course, made } = startBatch({});
    await clock.advance(20_000);
    expect(course.cancel()).toBe(true);
    expect(course.status).toBe('cancelling');
    await clock.advance(2_999);
    expect(course.status).toBe('cancelling');
    await clock.advance(1);
    expect([course.status, made.length]).toEqual(['cancelled', 3]);
  });

  test('finishes the share that it is told when it is cancelled', async () => {
    const { clock, course, made } = startBatch({ finishedShare: 0.5 });
    course.cancel();
    await clock.advance(3_000);
    expect([course.status, made.length]).toEqual(['cancelled', 5]);
  });
});
