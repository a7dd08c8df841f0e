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
 * any more `windowMs` later. `model` looks at one model's requests only.
 */
export function audit(
  log: Pick<RequestLog, 'entries'>,
  limit: { readonly windowMs: number; readonly max: number; readonly model?: string },
): Audit {
  const submits = log.entries.filter(
    (entry) => entry.operation === 'submit' && (limit.model ?? entry.model) === entry.model,
  );
  const admitted = submits.filter((entry) => entry.admitted);
  const highest = Math.max(0, ...admitted.map((first) => imagesFrom(admitted, first, limit)));
  return {
    highest,
    isWithin: highest <= limit.max,
    refused: submits.filter((entry) => entry.status === 429).length,
    peakSlots: Math.max(0, ...admitted.map((entry) => slotsBeside(admitted, entry))),
  };
}

function imagesFrom(
  admitted: readonly LoggedRequest[],
  first: LoggedRequest,
  { windowMs }: { readonly windowMs: number },
): number {
  const start = instantOf(first);
  return admitted
    .filter((entry) => instantOf(entry) >= start && instantOf(entry) < start + windowMs)
    .reduce((sum, entry) => sum + (entry.images ?? 0), 0);
}

/** A peak can only begin where something is admitted. */
function slotsBeside(admitted: readonly LoggedRequest[], started: LoggedRequest): number {
  const instant = instantOf(started);
  return admitted
    .filter((entry) => instantOf(entry) <= instant && instant < (entry.activeUntil ?? Infinity))
    .reduce((sum, entry) => sum + (entry.slots ?? 0), 0);
}

function instantOf(entry: LoggedRequest): number {
  return entry.admittedAt ?? entry.at;
}
