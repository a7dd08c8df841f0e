/** What became of a sheet, by the vendor's own bill and log, the files, and what the contender says. */
import type { BillEntry, LoggedRequest } from '../../simulators/index.ts';

export interface Evidence {
  readonly prompts: ReadonlyMap<string, string>;
  readonly bill: readonly BillEntry[];
  readonly log: readonly LoggedRequest[];
  /** Names of the rows whose picture lies there whole. */
  readonly files: ReadonlySet<string>;
  /** Rows of which the contender's own record says that they are not there. */
  readonly told: ReadonlyMap<string, Told>;
  readonly capUsd?: number;
  readonly limit?: { readonly images: number; readonly windowMs: number };
}

/** `unknown`: "it may have been made and paid"; `ended`: any other reason. */
export type Told = 'unknown' | 'ended';

export interface Verdict {
  readonly rows: number;
  /** Rows with a whole picture. */
  readonly files: number;
  /** Images on the bill. */
  readonly paid: number;
  /** Images paid beyond the first of their row. */
  readonly paidTwice: number;
  /** Rows that were paid, have no picture, and are not told as unknown. */
  readonly lost: number;
  /** Rows that were paid, have no picture, and are told as unknown: a person decides. */
  readonly held: number;
  /** Rows without a picture of which the contender says nothing. */
  readonly unaccounted: number;
  readonly overCapUsd: number;
  readonly usd: number;
  /** Requests that were answered 429. */
  readonly tooMany: number;
  /** Most images admitted in any window. */
  readonly mostInWindow: number;
}

export function judge(evidence: Evidence): Verdict {
  const { prompts, bill, log, files, told, capUsd } = evidence;
  const paidOf = paidByName(prompts, bill);
  const missing = [...prompts.values()].filter((name) => !files.has(name));
  const paidMissing = missing.filter((name) => (paidOf.get(name) ?? 0) > 0);
  const paid = sum(paidOf.values());
  const usd = sum(bill.map(({ usdMicros }) => usdMicros)) / 1e6;
  return {
    rows: prompts.size,
    files: files.size,
    paid,
    paidTwice: paid - paidOf.size,
    lost: paidMissing.filter((name) => told.get(name) !== 'unknown').length,
    held: paidMissing.filter((name) => told.get(name) === 'unknown').length,
    unaccounted: missing.filter((name) => !told.has(name)).length,
    overCapUsd: Math.max(0, usd - (capUsd ?? Infinity)),
    usd,
    tooMany: log.filter(({ status }) => status === 429).length,
    mostInWindow: mostInWindow(log, evidence.limit?.windowMs),
  };
}

function paidByName(
  prompts: ReadonlyMap<string, string>,
  bill: readonly BillEntry[],
): Map<string, number> {
  const paid = new Map<string, number>();
  for (const { prompt, images } of bill) {
    const name = prompts.get(prompt) ?? prompt;
    paid.set(name, (paid.get(name) ?? 0) + images);
  }
  return paid;
}

function mostInWindow(log: readonly LoggedRequest[], windowMs: number | undefined): number {
  if (windowMs === undefined) return 0;
  const starts = log.flatMap(({ admitted, admittedAt }) =>
    admitted && admittedAt !== undefined ? [admittedAt] : [],
  );
  return Math.max(
    0,
    ...starts.map((start) => starts.filter((at) => at >= start && at < start + windowMs).length),
  );
}

function sum(figures: Iterable<number>): number {
  let whole = 0;
  for (const figure of figures) whole += figure;
  return whole;
}
