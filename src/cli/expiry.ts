import { UsageError } from '../engine/core/errors.ts';

const UNITS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000 };
/** Later ends are mistakes: a hundred years. */
const LONGEST_MS = 100 * 365 * 86_400_000;

/**
 * A length of time like `30min`, `12h` or `90d`, in milliseconds. Throws `UsageError` that names the
 * option.
 */
export function readSpan(option: string, text: string): number {
  const span = spanOf(text);
  if (span !== undefined) return span;
  throw new UsageError(
    `${option} must be a length of time like 30min, 12h or 90d: it is "${text}".`,
  );
}

/**
 * A moment to come: `90d` or `12h` from now, `2027-01-31` (its beginning, local time), or with a time.
 * Milliseconds since 1970. Throws `UsageError` that names the option.
 */
export function readExpiry(option: string, text: string, now: number): number {
  const span = spanOf(text);
  const at = span === undefined ? dateOf(text) : now + span;
  if (at > now && at - now <= LONGEST_MS) return at;
  throw new UsageError(
    `${option} must be a time to come, like 90d, 12h, 2027-01-31 or 2027-01-31T18:00: it is "${text}".`,
  );
}

function spanOf(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})\s*(min|h|d)$/i.exec(text.trim()) ?? [];
  return amount && unit ? Number(amount) * UNITS[unit.toLowerCase()]! : undefined;
}

/** `NaN` for what is no date. */
function dateOf(text: string): number {
  const date = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/.test(date)) return Number.NaN;
  // A date alone would be taken for midnight in Greenwich.
  return new Date(date.length === 10 ? `${date}T00:00` : date.replace(' ', 'T')).getTime();
}
