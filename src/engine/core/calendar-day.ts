/** Days as people of a time zone count them. Pure: times are handed in, no clock is read. */

/** Offsets of today's zones from UTC are multiples of this. */
export const QUARTER_HOUR_MS = 15 * 60_000;
/** No zone is further from UTC than 14 hours. */
const FURTHEST_MS = 16 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** `2026-11-23`: the day that it is there at this moment. Throws RangeError for an unknown zone. */
export function dayAt(timeMs: number, timeZone: string): string {
  // The locale of Sweden writes dates as ISO 8601 does.
  return formatOf(timeZone).format(timeMs);
}

/** The first moment of a day there, in milliseconds since 1970; `undefined`: there is no such day. */
export function dayStart(day: string, timeZone: string): number | undefined {
  const midnight = utcMidnight(day);
  if (midnight === undefined) return undefined;
  let low = midnight - FURTHEST_MS;
  let high = midnight + FURTHEST_MS;
  // Halved until they are neighbours: clocks may change at midnight, so nothing is calculated.
  while (high - low > QUARTER_HOUR_MS) {
    const steps = Math.floor((high - low) / QUARTER_HOUR_MS / 2);
    const middle = low + Math.max(1, steps) * QUARTER_HOUR_MS;
    if (dayAt(middle, timeZone) < day) low = middle;
    else high = middle;
  }
  return high;
}

/** The day so many days later. */
export function dayAfter(day: string, days: number): string {
  const midnight = utcMidnight(day);
  if (midnight === undefined) throw new RangeError(`${day} is no day.`);
  return dayAt(midnight + days * 86_400_000, 'UTC');
}

function utcMidnight(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  // Reads the text that was handed in; the clock is not read.
  // oxlint-disable-next-line no-restricted-globals
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The 31st of a short month would be taken for the first of the next.
  return Number.isNaN(midnight) || dayAt(midnight, 'UTC') !== day ? undefined : midnight;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  // Only names of zones come in, of which there are a few hundred.
  formats.set(timeZone, made);
  return made;
}
