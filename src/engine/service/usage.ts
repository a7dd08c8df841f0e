/** What a workspace made and paid, by day, model, key or run. */
import { dayAfter, dayAt, dayStart, isTimeZone, QUARTER_HOUR_MS } from '../core/calendar-day.ts';
import { UsageError } from '../core/errors.ts';
import { MOST_USAGE_DAYS, type UsageAnswer, type UsageGrouping } from '../core/usage.ts';
import type { Store } from '../store/store.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
/** Most runs that are added up into one answer. */
const MOST_GROUPS = 200;

export interface UsageOrder {
  readonly workspace: string;
  readonly by: UsageGrouping;
  /** A day there (`2026-11-01`, from its first moment) or a time (ISO 8601). Absent: 30 days with today. */
  readonly from?: string;
  /** A day (to its end) or a time (before it). Absent: now. */
  readonly to?: string;
  /** IANA name: `Europe/Berlin`. Absent: UTC. */
  readonly timeZone?: string;
  /** Of runs. Absent: 200. */
  readonly most?: number;
  readonly after?: string;
}

export interface UsageDeps {
  readonly store: Store;
}

export class Usage {
  readonly #store: Store;

  constructor({ store }: UsageDeps) {
    this.#store = store;
  }

  /** Throws `UsageError` for times or a zone that are none, and for more than 400 days. */
  async report(order: UsageOrder): Promise<UsageAnswer> {
    const { workspace, by, timeZone = 'UTC', most = MOST_GROUPS, after } = order;
    if (!isTimeZone(timeZone)) {
      throw new UsageError(`"${timeZone}" is no time zone: write one like Europe/Berlin or UTC.`);
    }
    const now = await this.#store.now();
    // Up to now and what is written in this very millisecond.
    const end = order.to === undefined ? now + 1 : endOf('to', order.to, timeZone);
    const begin =
      order.from === undefined
        ? (dayStart(dayAfter(dayAt(end - 1, timeZone), 1 - USUAL_DAYS), timeZone) ?? 0)
        : startOf('from', order.from, timeZone);
    checkSpan(begin, end);
    // It is added up by quarters of an hour: the answer tells the time that it is about.
    const from = Math.floor(begin / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    const to = Math.ceil(end / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    const question = { workspace, by, from, to, timeZone, most };
    const report = await this.#store.usage({ ...question, ...(after !== undefined && { after }) });
    return { ...report, by, from, to, timeZone };
  }
}

function checkSpan(from: number, to: number): void {
  if (from >= to) throw new UsageError('`from` must be before `to`.');
  if (to - from > MOST_USAGE_DAYS * DAY_MS) {
    throw new UsageError(
      `At most ${MOST_USAGE_DAYS} days at once: bring \`from\` and \`to\` nearer.`,
    );
  }
}

function startOf(name: string, text: string, timeZone: string): number {
  return dayStart(text, timeZone) ?? timeOf(name, text);
}

function endOf(name: string, text: string, timeZone: string): number {
  if (dayStart(text, timeZone) === undefined) return timeOf(name, text);
  return dayStart(dayAfter(text, 1), timeZone)!;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

function timeOf(name: string, text: string): number {
  // Reads the text that was handed in; the clock is not read.
  // oxlint-disable-next-line no-restricted-globals
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `\`${name}\` is "${text}": write a day (2026-11-01) or a time with its zone (2026-11-01T08:00:00Z).`,
  );
}
