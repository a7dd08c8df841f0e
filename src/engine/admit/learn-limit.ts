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
  if (known.max === announced && known.firm) return known;
  return { ...known, max: announced, firm: true, changedAt: now };
}

function refuse(known: LearnedLimit, { refused, now }: LimitLesson): LearnedLimit {
  if (refused === undefined) return known;
  const pauseMs = refused.retryAfterMs ?? DEFAULT_PAUSE_MS;
  const blockedUntil = Math.max(known.blockedUntil, now + pauseMs);
  // A vendor that named its figure and still refuses is only waited for.
  if (known.firm) return { ...known, blockedUntil };
  const max = Math.max(1, refused.accepted);
  // Refused again no higher than before: now the figure is known. (Within one burst of refusals the
  // accepted ones become fewer with each, so that a burst alone does not confirm itself.)
  const firm = known.refusedAt !== undefined && known.refusedAt <= max + 1;
  return { max, firm, refusedAt: max + 1, changedAt: now, blockedUntil };
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
