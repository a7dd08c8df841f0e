/** `45 s`, `12 min`, `3 h 20 min`, `2 days 4 h`: what a person needs of a length of time. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'days', hours % 24, 'h');
}

/** So far from now a time of day is not mistaken for another day's. */
const SAME_DAY_MS = 18 * 3_600_000;

/** `14:03:22` when it is near, `23 Nov, 14:03` otherwise; local time. */
export function clockText(at: number, now: number): string {
  const moment = new Date(at);
  return Math.abs(at - now) < SAME_DAY_MS
    ? moment.toLocaleTimeString('en-GB')
    : moment.toLocaleString('en-GB', {
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
      });
}

/** `14:03` when it is near, with the day otherwise: for moments that are estimates. */
export function aboutText(at: number, now: number): string {
  return clockText(at, now).replace(/^(\d\d:\d\d):\d\d$/, '$1');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
