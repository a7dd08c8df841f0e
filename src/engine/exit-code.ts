/** How a run's end is told to scripts. If several apply, the first of 130, 7, 3, 8, 6, 5, 4. */
import type { ItemCounts } from './core/outcome.ts';
import type { RunState, StopReason } from './core/run.ts';

export const EXIT_CODES = {
  delivered: 0,
  usage: 2,
  budget: 3,
  refused: 4,
  failed: 5,
  unknown: 6,
  approval: 7,
  stopped: 8,
  /** Of `reconcile`: a vendor's report and the ledger differ. Of `verify`: files and their list do. */
  differs: 9,
  interrupted: 130,
} as const;

export function exitCodeOf(run: {
  readonly state: RunState;
  readonly reason?: StopReason;
  readonly items: ItemCounts;
  /** Images that were delivered but could not be finished. */
  readonly finishFailures?: number;
}): number {
  const { state, reason, items, finishFailures = 0 } = run;
  if (reason === 'interrupted' && state !== 'done') return EXIT_CODES.interrupted;
  if (state === 'awaiting_approval') return EXIT_CODES.approval;
  if (reason === 'budget' && state === 'stopped') return EXIT_CODES.budget;
  if (state === 'paused' || state === 'stopped' || state === 'cancelled') return EXIT_CODES.stopped;
  if (items.unknown > 0) return EXIT_CODES.unknown;
  if (items.failed + finishFailures > 0) return EXIT_CODES.failed;
  if (items.refused > 0) return EXIT_CODES.refused;
  if (items.cancelled > 0) return EXIT_CODES.stopped;
  return EXIT_CODES.delivered;
}
