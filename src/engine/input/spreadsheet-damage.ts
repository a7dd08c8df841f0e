import { nearestUsualRatio } from './usual-ratios.ts';

/** What a spreadsheet made of a ratio, and what was probably typed. */
export interface RatioDamage {
  readonly kind: 'time' | 'date';
  /** Like `["16:9"]`; two when month and day could be either way round; none when it cannot be told. */
  readonly probably: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MINUTES_A_DAY = 1440;

/**
 * Recognises a ratio that a spreadsheet turned into a time of day (`16:09`, `4:03:00`, `0.672916667`,
 * `4:09 PM`) or into a date (`Sep-16`, `9/16/2026`, `2026-09-16`, a date's number). `9:16` and `16:10`
 * look like times too, but say what they mean and are no damage.
 */
export function damageOfRatio(text: string): RatioDamage | undefined {
  return clockTime(text) ?? timeFraction(text) ?? namedMonth(text) ?? numericDate(text);
}

function clockTime(text: string): RatioDamage | undefined {
  const match = /^(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.0+)?)?\s*(am|pm)?$/i.exec(text);
  if (!match) return undefined;
  const [, first = '', second = '', third, half] = match;
  const isPlainRatio =
    third === undefined && !half && !first.startsWith('0') && !second.startsWith('0');
  if (isPlainRatio) return undefined;
  const hours = half ? (Number(first) % 12) + (/pm/i.test(half) ? 12 : 0) : Number(first);
  // "0:16:09" is a ratio read as minutes and seconds.
  if (hours === 0 && Number(third) > 0) return time(Number(second), Number(third));
  return Number(third ?? 0) > 0 ? time(0, 0) : time(hours, Number(second));
}

/** A cell formatted as a number shows the time as a part of the day. */
function timeFraction(text: string): RatioDamage | undefined {
  if (!/^[01]?[.,]\d{5,}$/.test(text)) return undefined;
  const days = Number(text.replace(',', '.'));
  const minutes = days * MINUTES_A_DAY;
  const whole = Math.round(minutes);
  if (Math.abs(minutes - whole) > 0.02 || nearestUsualRatio(days, 0.0005)) return undefined;
  return time(Math.floor(whole / 60), whole % 60);
}

function namedMonth(text: string): RatioDamage | undefined {
  const monthFirst = /^([a-z]{3})[a-z]*\.?[\s-]+(\d{1,2})$/i.exec(text);
  const dayFirst = /^(\d{1,2})\.?[\s-]+([a-z]{3})[a-z]*\.?(?:[\s-]+\d{2,4})?$/i.exec(text);
  const month = MONTHS.indexOf((monthFirst?.[1] ?? dayFirst?.[2] ?? '').toLowerCase()) + 1;
  if (month === 0) return undefined;
  const day = Number(monthFirst?.[2] ?? dayFirst?.[1]);
  return date(monthFirst ? [[month, day]] : bothWays(month, day));
}

function numericDate(text: string): RatioDamage | undefined {
  const iso = /^(?:19|20)\d{2}-(\d{1,2})-(\d{1,2})(?:[T\s].*)?$/.exec(text);
  if (iso) return date(bothWays(Number(iso[1]), Number(iso[2])));
  const local = /^(\d{1,2})[./-](\d{1,2})[./-](?:\d{2}|\d{4})(?:\s.*)?$/.exec(text);
  if (local) return date([[Number(local[1]), Number(local[2])]]);
  // Days since 1900: 30000 is in 1982, 60000 in 2064.
  return /^[3-5]\d{4}$/.test(text) ? date([]) : undefined;
}

function bothWays(month: number, day: number): [number, number][] {
  return month === day
    ? [[month, day]]
    : [
        [month, day],
        [day, month],
      ];
}

function time(across: number, down: number): RatioDamage {
  return { kind: 'time', probably: across > 0 && down > 0 ? [`${across}:${down}`] : [] };
}

function date(pairs: readonly (readonly [number, number])[]): RatioDamage {
  return { kind: 'date', probably: pairs.map(([across, down]) => `${across}:${down}`) };
}
