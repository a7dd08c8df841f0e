import type { RunReport } from '../engine/engine-types.ts';
import { EXIT_CODES } from '../engine/exit-code.ts';

/** A run that nobody has allowed to spend waits for approval, whatever else it is. */
export function exitCodeOfReport(report: RunReport): number {
  return needsAllowance(report) ? EXIT_CODES.approval : report.exitCode;
}

export function needsAllowance({ run }: Pick<RunReport, 'run'>): boolean {
  return run.state === 'planned' && !run.settings.spendingAllowed;
}
