/** What the answers to a lane's requests teach about its limits. */
import type { Failure } from '../core/failure.ts';
import type { Limit, LimitReading } from '../core/limit.ts';
import type { Lesson } from '../store/store.ts';

/** The figures that the vendor named. */
export function announcedLessons(
  limits: readonly Limit[],
  readings: readonly LimitReading[] = [],
): Lesson[] {
  return readings.flatMap((reading) => {
    const limit = limits.find(({ name, learnable }) => learnable && name === reading.name);
    return limit === undefined || reading.max === undefined
      ? []
      : [{ limit, announced: reading.max }];
  });
}

/**
 * A refusal for pace is about windows, one for active tasks about slots. Its limit is suspected until
 * something is let through.
 */
export function refusalLessons(
  limits: readonly Limit[],
  suspected: Set<string>,
  failure: Failure,
): Lesson[] {
  if (failure.kind !== 'rate-limited' && failure.kind !== 'slots-full') return [];
  const kind = failure.kind === 'rate-limited' ? 'window' : 'slots';
  const own = limits.filter((limit) => limit.learnable);
  const meant = own.filter((limit) => limit.kind === kind);
  // Which of several windows was meant the vendor does not say: the first is the one that matters.
  const limit = meant[0] ?? own[0];
  if (limit === undefined) return [];
  suspected.add(limit.key);
  const { retryAfterMs } = failure;
  return [{ limit, refused: retryAfterMs === undefined ? {} : { retryAfterMs } }];
}

/** A request that was let through after a refusal says that the refusal was a stray one. */
export function passLessons(
  limits: readonly Limit[],
  suspected: ReadonlySet<string>,
  sentAt: number,
): Lesson[] {
  return limits
    .filter((limit) => suspected.has(limit.key))
    .map((limit) => ({ limit, passed: { sentAt } }));
}
