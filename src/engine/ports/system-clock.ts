import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';

/** Longest delay that a timer takes; longer ones would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's time. Within a process it only goes forward, whatever is done to the machine's clock:
 * a duration is never negative.
 */
export const systemClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  sleep: async (waitMs, signal) => {
    if (signal?.aborted) return;
    const delay = Math.min(Math.max(0, Math.ceil(waitMs)), LONGEST_TIMER_MS);
    await sleep(delay, undefined, signal ? { signal } : {}).catch(() => {});
  },
};
