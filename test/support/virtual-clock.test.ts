import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

test('sleepers wake in order of time, then of falling asleep', async () => {
  const clock = new VirtualClock({ start: 0 });
  const woken: string[] = [];
  const sleep = async (name: string, waitMs: number) => {
    await clock.sleep(waitMs);
    woken.push(`${name}@${clock.now()}`);
  };
  const all = Promise.all([sleep('a', 20), sleep('b', 10), sleep('c', 20), sleep('d', 0)]);
  expect(await clock.runUntilIdle()).toBe(4);
  await all;
  expect(woken).toEqual(['d@0', 'b@10', 'a@20', 'c@20']);
});

test('a step fires one timer, and what follows from it runs before the next', async () => {
  const clock = new VirtualClock({ start: 0 });
  const woken: number[] = [];
  const chain = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.sleep(5);
      woken.push(clock.now());
    }
  };
  const both = Promise.all([chain(), clock.sleep(7)]);
  await clock.step();
  await clock.settle();
  expect([woken, clock.nextAt, clock.pending]).toEqual([[5], 7, 2]);
  await clock.runUntilIdle();
  await both;
  expect(woken).toEqual([5, 10, 15]);
  expect(await clock.step()).toBe(false);
});

test('advancing stops between timers', async () => {
  const clock = new VirtualClock({ start: 100 });
  let isAwake = false;
  const sleeper = clock.sleep(50).then(() => {
    isAwake = true;
  });
  await clock.advance(49);
  expect([clock.now(), isAwake]).toEqual([149, false]);
  await clock.advance(1);
  await sleeper;
  expect(isAwake).toBe(true);
});

test('an aborted sleeper wakes at once and leaves no timer', async () => {
  const clock = new VirtualClock({ start: 0 });
  const wake = new AbortController();
  const sleeper = clock.sleep(1000, wake.signal);
  wake.abort();
  await sleeper;
  await clock.sleep(1000, wake.signal);
  expect([clock.now(), clock.pending, clock.nextAt]).toEqual([0, 0, undefined]);
});

test('runUntil gives the result, and says when nothing could bring it', async () => {
  const clock = new VirtualClock({ start: 0 });
  expect(await clock.runUntil(clock.sleep(3_600_000).then(() => clock.now()))).toBe(3_600_000);
  await expect(clock.runUntil(new Promise(() => {}))).rejects.toThrow('Nothing is left');
});

test('keeps order among very many timers', async () => {
  const clock = new VirtualClock({ start: 0, settleTurns: 1 });
  const woken: number[] = [];
  const all = Array.from({ length: 500 }, async (_, index) => {
    await clock.sleep((index * 7919) % 503);
    woken.push(clock.now());
  });
  await clock.runUntilIdle();
  await Promise.all(all);
  expect(woken).toEqual(woken.toSorted((left, right) => left - right));
  expect(woken).toHaveLength(500);
});
