/**
 * What an account may do is learned where nobody said it: from the vendor's headers (then it is known),
 * or from its refusals: lower to what had been let through, then try one step more at a time, each
 * after a full quiet window, until one is refused: then the figure is known as well, and no further
 * refusal is caused. A single refusal for pace may be a stray one: it makes a pause, and counts when
 * the next request after the pause is refused as well, or when many of a window were.
 */
import type { LearnedLimit, LimitLesson } from '../core/admission.ts';

/** How long a limit without a window (slots) must be quiet before one more is tried. */
const QUIET_SLOTS_MS = 60_000;
/** So many refused units, and such a share of a window's, are no stray ones. */
const LEAST_MANY = 3;
const MANY = 0.1;
/** What to wait after a refusal that names no time. */
const DEFAULT_PAUSE_MS = 2_000;

const NOTHING: LearnedLimit = { firm: false, changedAt: 0, blockedUntil: 0 };

export function learnLimit(before: LearnedLimit | undefined, lesson: LimitLesson): LearnedLimit {
  const announced = announce(before ?? NOTHING, lesson);
  return refuse(announced, lesson);
}

function announce(known: LearnedLimit, { announced, now }: LimitLesson): LearnedLimit {
  if (announced === undefined) return known;
  if (known.max === announced && isAnnounced(known)) return known;
  return { max: announced, firm: true, changedAt: now, blockedUntil: known.blockedUntil };
}

function refuse(known: LearnedLimit, lesson: LimitLesson): LearnedLimit {
  const { refused, now } = lesson;
  if (refused === undefined) return pass(known, lesson);
  const pauseMs = refused.retryAfterMs ?? DEFAULT_PAUSE_MS;
  const blockedUntil = Math.max(known.blockedUntil, now + pauseMs);
  // A vendor that named its figure and still refuses is only waited for.
  if (isAnnounced(known)) return { ...known, blockedUntil };
  const sameBurst = now < known.blockedUntil;
  const suspectedAt = known.suspectedAt ?? now;
  if (!isEvident(known, lesson, sameBurst)) return { ...known, suspectedAt, blockedUntil };
  // What is still in flight counts as let through until it is refused as well: so each refusal of one
  // burst shows the figure lower, and the burst's last one shows it right.
  const max = Math.max(1, refused.accepted);
  if (sameBurst && known.max !== undefined && max >= known.max) return { ...known, blockedUntil };
  // Two bursts that end at the same figure make it known; another figure is learned anew.
  const before = sameBurst ? known.refusedAtBefore : known.refusedAt;
  const refusedAt = max + 1;
  return {
    max,
    firm: before === refusedAt,
    refusedAt,
    ...(before !== undefined && { refusedAtBefore: before }),
    changedAt: now,
    blockedUntil,
    suspectedAt,
  };
}

/** Whether a refusal shows a limit. Slots are counted at that instant; a window's may be a stray one. */
function isEvident(known: LearnedLimit, lesson: LimitLesson, sameBurst: boolean): boolean {
  const { limit, refused, now } = lesson;
  if (limit.kind === 'slots' || refused === undefined) return true;
  const { accepted, refusedUnits } = refused;
  if (refusedUnits >= LEAST_MANY && refusedUnits >= (accepted + refusedUnits) * MANY) return true;
  const { suspectedAt } = known;
  // Refused before and again after the pause, with nothing let through in between (`pass`).
  const again = suspectedAt !== undefined && now - suspectedAt < limit.windowMs;
  return again && (!sameBurst || (known.changedAt >= suspectedAt && known.max !== undefined));
}

/** What was sent after a suspected refusal and let through clears the suspicion. */
function pass(known: LearnedLimit, { passed }: LimitLesson): LearnedLimit {
  const { suspectedAt, ...cleared } = known;
  if (passed === undefined || suspectedAt === undefined) return known;
  return passed.sentAt > suspectedAt ? cleared : known;
}

/** A figure that was learned from refusals remembers the one that showed it. */
function isAnnounced(known: LearnedLimit): boolean {
  return known.firm && known.refusedAt === undefined;
}

/**
 * The figure in force at `now`: one that is not firm grows by a step (5 %, at least 1) for each quiet
 * window since it last changed.
 */
export function learnedMax(
  known: LearnedLimit | undefined,
  options: { readonly now: number; readonly windowMs: number | undefined },
): number | undefined {
  if (known?.max === undefined || known.firm) return known?.max;
  const quietMs = Math.max(options.windowMs ?? 0, QUIET_SLOTS_MS);
  const steps = Math.floor(Math.max(0, options.now - known.changedAt) / quietMs);
  return known.max + steps * Math.max(1, Math.floor(known.max / 20));
}
