/** A limit as the API tells it. Whose the other units in use are, and which account it is, is not told. */
import { isoTime } from '../../engine/core/iso-time.ts';
import type { BoardEntry } from '../../engine/engine-types.ts';

/** Runs that are named of those that wait. */
const MOST_WAITING = 50;

export function limitJson({ standing, of, waiting }: BoardEntry, now: number) {
  const { limit, max, used, usedHere, learned, blockedUntil, returning } = standing;
  const isLearned = learned && (limit.max === undefined || max !== limit.max);
  return {
    limit: limit.name,
    scope: of === undefined ? ('workspace' as const) : ('vendor' as const),
    vendor: of?.vendor ?? null,
    model: of?.model ?? null,
    lane: of?.lane ?? null,
    kind: limit.kind,
    unit: limit.unit,
    seconds: limit.kind === 'window' ? limit.windowMs / 1000 : null,
    max: max ?? null,
    figure:
      max === undefined ? ('none' as const) : isLearned ? ('learned' as const) : ('told' as const),
    source: limit.source,
    used,
    used_here: usedHere,
    left: max === undefined ? null : Math.max(0, max - used),
    blocked_until: blockedUntil > now ? isoText(blockedUntil) : null,
    next_at: isoText(returning[0]?.at),
    all_at: isoText(returning.at(-1)?.at),
    returning: returning.map(({ at, units }) => ({ at: isoTime(at), units })),
    waiting: waiting
      .slice(0, MOST_WAITING)
      .map(({ runId, lane, until }) => ({ run: runId, lane, until: isoText(until) })),
  };
}

function isoText(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
