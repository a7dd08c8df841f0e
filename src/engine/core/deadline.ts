/** Moments by which something should be done, as people and programs write them. */

const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** A batch that takes longer than this would have expired a fortnight ago. */
const LONGEST_MS = 30 * 86_400_000;

/** `6h`, `90min` or `2d` from `now`; `undefined` for anything else. */
export function readSpan(text: string, now: number): number | undefined {
  const [, figure, unit] = /^(\d{1,6}(?:\.\d{1,3})?)\s*(min|m|h|d)$/i.exec(text.trim()) ?? [];
  if (figure === undefined || unit === undefined) return undefined;
  return now + Number(figure) * UNITS[unit.toLowerCase()]!;
}

/** What keeps a moment from being a deadline; `undefined`: nothing. */
export function deadlineProblem(
  deadlineAt: number,
  now: number,
): { readonly message: string; readonly remedy: string } | undefined {
  if (deadlineAt <= now) {
    return { message: 'has passed already', remedy: 'Name a moment that is still to come.' };
  }
  if (deadlineAt - now > LONGEST_MS) {
    return { message: 'is too far away', remedy: 'Name a moment within 30 days.' };
  }
  return undefined;
}
