import type { Clock } from '../core/clock.ts';

/** Resolves when it is woken, or after a time; without one only when it is woken. Which of the two it was. */
export async function waitForWake(
  clock: Clock,
  wake: Promise<void>,
  waitMs: number,
): Promise<'woken' | 'time'> {
  const woken = wake.then(() => 'woken' as const);
  if (!Number.isFinite(waitMs)) return woken;
  const timer = new AbortController();
  const time = clock.sleep(Math.max(0, waitMs), timer.signal).then(() => 'time' as const);
  const why = await Promise.race([woken, time]);
  timer.abort();
  return why;
}
