/** What a workspace made and paid in a time, added up. */

export const USAGE_GROUPINGS = ['day', 'model', 'key', 'run'] as const;
export type UsageGrouping = (typeof USAGE_GROUPINGS)[number];

/** Longest time that a question may be about. */
export const MOST_USAGE_DAYS = 400;

export interface UsageSums {
  readonly delivered: number;
  readonly refused: number;
  readonly failed: number;
  readonly postedCreditMicros: number;
  /** All that vendors billed, delivered or not. */
  readonly usdMicros: number;
}

export interface UsageGroup extends UsageSums {
  /** The day (`2026-11-23`), the model, the key's or the run's id; absent: made without a key. */
  readonly group?: string;
  /** The key's name, or the run's title. */
  readonly name?: string;
}

export interface UsageQuestion {
  readonly workspace: string;
  readonly by: UsageGrouping;
  /** Milliseconds since 1970, the beginning of a quarter of an hour: what ended from then on. */
  readonly from: number;
  /** And before this. */
  readonly to: number;
  /** IANA name, in which days are counted. */
  readonly timeZone: string;
  /** Of runs: most of them, newest first. */
  readonly most: number;
  /** Of runs: the last of the page before. */
  readonly after?: string;
}

export interface UsageReport {
  readonly groups: readonly UsageGroup[];
  readonly total: UsageSums;
  /** Of runs: continue after this one. */
  readonly next?: string;
}

/** With the time that it is about, as it was understood. */
export interface UsageAnswer extends UsageReport {
  readonly by: UsageGrouping;
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

export const NO_USAGE: UsageSums = {
  delivered: 0,
  refused: 0,
  failed: 0,
  postedCreditMicros: 0,
  usdMicros: 0,
};

export function addUsage(one: UsageSums, other: UsageSums): UsageSums {
  return {
    delivered: one.delivered + other.delivered,
    refused: one.refused + other.refused,
    failed: one.failed + other.failed,
    postedCreditMicros: one.postedCreditMicros + other.postedCreditMicros,
    usdMicros: one.usdMicros + other.usdMicros,
  };
}
