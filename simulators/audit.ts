import type { LoggedRequest, RequestLog } from './request-log.ts';

/** What an auditor found who knows nothing of how limits are kept. */
export interface Audit {
  /** Most images admitted in any window of the length asked about. */
  readonly highest: number;
  /** `highest` is not above the maximum asked about. */
  readonly isWithin: boolean;
  /** Submits that were answered 429. */
  readonly refused: number;
  /** Most slots filled at any instant. */
  readonly peakSlots: number;
}

/**
 * Judges a log by brute force: every window that starts at an admission is summed anew. Shares no
 * code with the limits of the engine or of the simulators. An image counts at its admission and not
 * any more `windowMs` later.
 */
export function audit(
  log: Pick<RequestLog, 'entries'>,
  limit: { readonly windowMs: number; readonly max: number },
): Audit {
  const admitted = log.entries.filter((entry) => entry.admitted);
  const highest = Math.max(0, ...admitted.map((first) => imagesFrom(admitted, first.at, limit)));
  return {
    highest,
    isWithin: highest <= limit.max,
    refused: log.entries.filter((entry) => entry.operation === 'submit' && entry.status === 429)
      .length,
    peakSlots: Math.max(0, ...admitted.map((entry) => slotsAt(admitted, entry.at))),
  };
}

function imagesFrom(
  admitted: readonly LoggedRequest[],
  start: number,
  { windowMs }: { readonly windowMs: number },
): number {
  return admitted
    .filter((entry) => entry.at >= start && entry.at < start + windowMs)
    .reduce((sum, entry) => sum + (entry.images ?? 0), 0);
}

function slotsAt(admitted: readonly LoggedRequest[], instant: number): number {
  return admitted
    .filter((entry) => entry.at <= instant && instant < (entry.activeUntil ?? Infinity))
    .reduce((sum, entry) => sum + (entry.slots ?? 0), 0);
}
