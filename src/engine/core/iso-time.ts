/** `2026-11-22T22:56:39.000Z`: a time that was handed in (milliseconds since 1970, UTC), as text. */
export function isoTime(timeMs: number): string {
  // Formats a given time only; the clock is not read.
  // oxlint-disable-next-line no-restricted-globals
  return new Date(timeMs).toISOString();
}
