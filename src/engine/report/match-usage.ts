/** Compares a report that names tasks with what was sent, task by task. Pure. */
import type { SentAttempt, TaskComparison, TaskDifference } from '../core/reconciliation.ts';
import type { UsageLine } from '../vendors/vendor.ts';

/** A line of the report may be written some time after its task ended. */
const BILLING_DELAY_MS = 5 * 60_000;

/** All that the report says of one task; a task may be billed in several lines. */
interface BilledTask {
  readonly ref: string;
  readonly at: number;
  /** `undefined`: the report names no amount. */
  readonly usdMicros: number | undefined;
}

/**
 * @param attempts all of the vendor's in the time of the report, of every run of the store
 * @param runId the run that is asked about
 */
export function matchUsage(
  lines: readonly UsageLine[],
  attempts: readonly SentAttempt[],
  runId: string,
): TaskComparison {
  const billed = billedTasks(lines);
  const comparison = new Comparison();
  let otherRuns = 0;
  for (const attempt of attempts) {
    const task = attempt.ref === undefined ? undefined : billed.get(attempt.ref);
    if (task) billed.delete(task.ref);
    if (attempt.runId !== runId) {
      if (task) otherRuns += 1;
    } else if (task) comparison.both(attempt, task);
  }
  // An answer that was found by our own key came without the vendor's id: its time and price tell it.
  for (const attempt of attempts) {
    if (attempt.ref !== undefined || !isBilled(attempt)) continue;
    const task = [...billed.values()].find(
      (each) => each.usdMicros === attempt.usdMicros && isDuring(each, attempt),
    );
    if (task) billed.delete(task.ref);
    if (attempt.runId !== runId) {
      if (task) otherRuns += 1;
    } else if (task) comparison.both(attempt, task);
    else comparison.missing(attempt);
  }
  const named = new Set(lines.map((line) => line.ref));
  for (const attempt of attempts) {
    const isMissing = attempt.ref !== undefined && !named.has(attempt.ref) && isBilled(attempt);
    if (isMissing && attempt.runId === runId) comparison.missing(attempt);
  }
  return comparison.result([...billed.values()], otherRuns);
}

/** Tasks of nobody that were billed while requests were under way whose end is not known. */
export function probablyUnknown(
  { onlyReport }: TaskComparison,
  attempts: readonly SentAttempt[],
): number {
  const unknown = attempts.filter(({ state, ref }) => state === 'unknown' && ref === undefined);
  return onlyReport.filter((task) => unknown.some((attempt) => isDuring(task, attempt))).length;
}

class Comparison {
  readonly #differing: TaskDifference[] = [];
  readonly #onlyLedger: TaskDifference[] = [];
  readonly #unknownBilled: TaskDifference[] = [];
  #matched = 0;
  #ledgerUsdMicros = 0;
  #reportUsdMicros = 0;

  both(attempt: SentAttempt, task: BilledTask): void {
    const difference = differenceOf(attempt, task);
    if (attempt.state === 'unknown') {
      this.#unknownBilled.push(difference);
      return;
    }
    const recorded = attempt.usdMicros ?? 0;
    // Of a request that was written off its price was never known.
    const isSame = attempt.state === 'written-off' || (task.usdMicros ?? recorded) === recorded;
    this.#ledgerUsdMicros += recorded;
    this.#reportUsdMicros += task.usdMicros ?? recorded;
    if (isSame) this.#matched += 1;
    else this.#differing.push(difference);
  }

  missing(attempt: SentAttempt): void {
    this.#onlyLedger.push(differenceOf(attempt, undefined));
  }

  result(foreign: readonly BilledTask[], otherRuns: number): TaskComparison {
    return {
      kind: 'tasks',
      matched: this.#matched,
      differing: this.#differing,
      onlyLedger: this.#onlyLedger,
      onlyReport: foreign.map(({ ref, at, usdMicros }) => ({
        ref,
        at,
        ...(usdMicros !== undefined && { reportUsdMicros: usdMicros }),
      })),
      unknownBilled: this.#unknownBilled,
      otherRuns,
      ledgerUsdMicros: this.#ledgerUsdMicros,
      reportUsdMicros: this.#reportUsdMicros,
    };
  }
}

function billedTasks(lines: readonly UsageLine[]): Map<string, BilledTask> {
  const tasks = new Map<string, BilledTask>();
  for (const { ref, at, usdMicros } of lines) {
    if (ref === undefined) continue;
    const known = tasks.get(ref);
    const sum = known?.usdMicros === undefined ? usdMicros : known.usdMicros + (usdMicros ?? 0);
    tasks.set(ref, { ref, at: known?.at ?? at, usdMicros: sum });
  }
  return tasks;
}

function isBilled({ state, usdMicros }: SentAttempt): boolean {
  return state === 'settled' && usdMicros !== undefined && usdMicros > 0;
}

function isDuring({ at }: { readonly at: number }, { sentAt, endedAt }: SentAttempt): boolean {
  return at >= sentAt && at <= endedAt + BILLING_DELAY_MS;
}

function differenceOf(
  { attemptId, ref, sentAt, usdMicros }: SentAttempt,
  task: BilledTask | undefined,
): TaskDifference {
  const named = ref ?? task?.ref;
  return {
    ...(named !== undefined && { ref: named }),
    attemptId,
    at: sentAt,
    ...(usdMicros !== undefined && { ledgerUsdMicros: usdMicros }),
    ...(task?.usdMicros !== undefined && { reportUsdMicros: task.usdMicros }),
  };
}
