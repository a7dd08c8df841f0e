/** Our ledger beside a vendor's own report of what it billed. */
import type { AttemptState } from './request.ts';

/** One sending of a request, as the store knows it. */
export interface SentAttempt {
  readonly attemptId: string;
  readonly runId: string;
  readonly lane: string;
  readonly state: AttemptState;
  readonly sentAt: number;
  /** The latest moment at which the vendor can have been at work on it. */
  readonly endedAt: number;
  /** The vendor's id of the task, where it gave one. */
  readonly ref?: string;
  /** Images asked for, and those whose bytes came. */
  readonly images: number;
  readonly made: number;
  /** What was recorded as billed; absent while that is not known. */
  readonly usdMicros?: number;
}

/** A task that one side has, or that both have with different amounts. */
export interface TaskDifference {
  readonly ref?: string;
  readonly attemptId?: string;
  /** When it was sent or, where only the report has it, billed. */
  readonly at: number;
  readonly ledgerUsdMicros?: number;
  readonly reportUsdMicros?: number;
}

/** A report that has a line for each task, compared task by task. */
export interface TaskComparison {
  readonly kind: 'tasks';
  /** Both sides have it, with the same amount or where the report names none. */
  readonly matched: number;
  readonly differing: readonly TaskDifference[];
  /** Recorded as billed, and not in the report. */
  readonly onlyLedger: readonly TaskDifference[];
  /** In the report, and known to no run of this store. */
  readonly onlyReport: readonly TaskDifference[];
  /** Requests whose end we do not know, and which the report says were billed. */
  readonly unknownBilled: readonly TaskDifference[];
  /** Tasks of the report that belong to other runs of this store. */
  readonly otherRuns: number;
  /** Dollars of the run's tasks that both sides have. */
  readonly ledgerUsdMicros: number;
  readonly reportUsdMicros: number;
}

/** Images of one model in the time of the run, of all runs of this store. */
export interface ImageSum {
  readonly model: string;
  readonly ledgerImages: number;
  /** Asked for at the edge of the time: they may be counted in it or not. */
  readonly edgeImages: number;
  /** Of requests whose end nobody knows. */
  readonly unknownImages: number;
  readonly reportImages: number;
}

/** Dollars of one model in whole days, of all programs of the account. */
export interface CostSum {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly ledgerUsdMicros: number;
  readonly reportUsdMicros: number;
}

/** A report that only sums up, compared sum by sum. */
export interface SumComparison {
  readonly kind: 'sums';
  readonly images: readonly ImageSum[];
  /** To look at: a day has more than a run, and an account more than one program. */
  readonly costs: readonly CostSum[];
}

export type ReportComparison =
  /** The vendor has no report that could be asked for. */
  | { readonly kind: 'none' }
  /** It could not be had now. */
  | { readonly kind: 'unavailable'; readonly words: string }
  | TaskComparison
  | SumComparison;

export interface VendorReconciliation {
  readonly vendor: string;
  /** The time that the vendor was asked about (milliseconds since 1970). */
  readonly from: number;
  readonly to: number;
  /** What the run's ledger has for this vendor. */
  readonly ledger: {
    readonly requests: number;
    readonly images: number;
    readonly usdMicros: number;
    readonly unknownRequests: number;
    readonly openRequests: number;
  };
  readonly report: ReportComparison;
  readonly verdict: 'agrees' | 'differs' | 'not-compared';
  /** What the difference probably is, in words. */
  readonly hints: readonly string[];
}

export interface Reconciliation {
  readonly runId: string;
  readonly vendors: readonly VendorReconciliation[];
}

/** Images that the report has more (or fewer) than we know, at the edge of the time either way. */
export function surplusOf({ ledgerImages, edgeImages, reportImages }: ImageSum): number {
  if (reportImages < ledgerImages) return reportImages - ledgerImages;
  return Math.max(0, reportImages - ledgerImages - edgeImages);
}
