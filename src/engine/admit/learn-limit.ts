/**
 * What an account may do is learned where nobody said it: from the vendor's headers (then it is known),
 * or from its refusals: lower at once to what had been let through, then try one step more at a time,
 * each after a full quiet window, until one is refused: then the figure is known as well, and no
 * further refusal is caused.
 */
import type { LearnedLimit, LimitLesson } from '../core/admission.ts';

/** How long a limit without a window (slots) must be quiet before one more is tried. */
const QUIET_SLOTS_MS = 60_000;
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

function refuse(known: LearnedLimit, { refused, now }: LimitLesson): LearnedLimit {
  if (refused === undefined) return known;
  const pauseMs = refused.retryAfterMs ?? DEFAULT_PAUSE_MS;
  const blockedUntil = Math.max(known.blockedUntil, now + pauseMs);
  // A vendor that named its figure and still refuses is only waited for.
  if (isAnnounced(known)) return { ...known, blockedUntil };
  // What is still in flight counts as let through until it is refused as well: so each refusal of one
  // burst shows the figure lower, and the burst's last one shows it right.
  const max = Math.max(1, refused.accepted);
  const sameBurst = now < known.blockedUntil;
  if (sameBurst && known.max !== undefined && max >= known.max) return { ...known, blockedUntil };
  const refusedAt = Math.min(known.refusedAt ?? Infinity, max + 1);
  // Refused in another burst no lower than before: now the figure is known. One that was thought known
  // and is refused all the same is learned anew.
  const confirmed = known.refusedAt !== undefined && max + 1 >= known.refusedAt;
  const firm = confirmed && known.firm === sameBurst;
  return { max, firm, refusedAt, changedAt: now, blockedUntil };
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
