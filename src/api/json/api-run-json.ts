/** Runs as the API tells them: without paths and processes of the machine that works on them. */
import { isoTime } from '../../engine/core/iso-time.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { ItemCounts } from '../../engine/core/outcome.ts';
import { RUN_ACTIONS, type RunAction, runCan } from '../../engine/core/run.ts';
import type { PlanReport, RetryPlan, RunReport, StoredRun } from '../../engine/engine-types.ts';
import { asSent } from './mutable.ts';
import { amountJson, planJson, runJson } from './run-json.ts';
import { runSettingsJson } from './run-settings-json.ts';

/** A run of the command line is worked on by a command, and by no service. */
const BY_COMMAND_ONLY: readonly RunAction[] = ['approve', 'resume', 'retry'];

/** What the API may do with a run, in the order of the table. */
export function actionsOf({ state, origin }: Pick<StoredRun, 'state' | 'origin'>): RunAction[] {
  return (Object.keys(RUN_ACTIONS) as RunAction[]).filter(
    (action) =>
      runCan(action, state) && (origin !== undefined || !BY_COMMAND_ONLY.includes(action)),
  );
}

/** `base`: where clients reach the API, without a slash at the end. */
export function apiRunJson(report: RunReport, base: string) {
  const { out: _out, sheet, owner, ...run } = runJson(report);
  return asSent({
    ...run,
    sheet: fileName(sheet),
    // A disk's own words name places of this machine.
    reason_text: run.reason === 'storage' ? STORAGE_TEXT : run.reason_text,
    origin: report.run.origin ?? ('cli' as const),
    source: report.run.source ?? null,
    follow_ups: [...report.followUps],
    is_worked_on: owner?.alive === true,
    settings: runSettingsJson(report.run.settings),
    actions: actionsOf(report.run),
    links: runLinks(base, report.run.id),
  });
}

const STORAGE_TEXT = 'the disk of the service failed or is full';

export function runSummaryJson(run: StoredRun, items: ItemCounts, base: string) {
  return {
    run: run.id,
    title: run.title,
    state: run.state,
    reason: run.reason ?? null,
    origin: run.origin ?? ('cli' as const),
    rows: run.plan?.rows ?? 0,
    items: { ...items },
    credits: {
      posted: fromMicros(run.postedCreditMicros),
      held: fromMicros(run.heldCreditMicros),
    },
    usd: {
      actual: fromMicros(run.actualUsdMicros),
      held: fromMicros(run.heldUsdMicros),
      written_off: fromMicros(run.writtenOffUsdMicros),
    },
    actions: actionsOf(run),
    links: { self: runLinks(base, run.id).self },
    created_at: isoTime(run.createdAt),
    updated_at: isoTime(run.updatedAt),
  };
}

export function apiPlanJson(report: PlanReport) {
  const plan = planJson(report);
  return asSent({ ...plan, sheet: fileName(plan.sheet) });
}

export function retryPlanJson({ images, rows, expected, worst, examples }: RetryPlan) {
  return {
    images,
    rows,
    expected: amountJson(expected),
    worst: amountJson(worst),
    examples: examples.map((each) => ({ ...each })),
  };
}

export function runLinks(base: string, runId: string) {
  const self = `${base}/v1/runs/${runId}`;
  return {
    self,
    items: `${self}/items`,
    results: `${self}/results.csv`,
    journal: `${self}/journal`,
    events: `${self}/events`,
    exports: `${self}/exports`,
    manifest: `${self}/manifest`,
    contact_sheet: `${self}/contact-sheet`,
    contact_page: `${self}/contact-page`,
  };
}

/** The last part of a path of either kind of system. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
