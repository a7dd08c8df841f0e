/** A plan as a person reads it: with the finishing times, and what other models would take. */
import { InputError } from './core/errors.ts';
import type { RunSettings } from './core/settings.ts';
import { checkNameTemplate } from './deliver/name-template.ts';
import type { Forecast, LaneComparison, PlanOrder, PlanReport } from './engine-types.ts';
import { chosenForecast, compareLanes, isTooLate } from './compare-lanes.ts';
import { forecast } from './forecast.ts';
import { forecastLane } from './forecast-lane.ts';
import { planQuotedSheet, type QuotingDeps } from './quote-prices.ts';
import type { Store } from './store/store.ts';

export interface PlanReportDeps extends QuotingDeps {
  readonly store: Store;
}

/** Plans a sheet; nothing is spent and nothing written. Throws `InputError` with all problems. */
export async function reportPlan(deps: PlanReportDeps, order: PlanOrder): Promise<PlanReport> {
  const { settings } = order;
  const { sheet, plan, quotes, quoteWarnings } = await planQuotedSheet(deps, order);
  const template = checkNameTemplate(settings.nameTemplate, sheet.columns);
  if (template.length > 0) throw new InputError(template);
  const alternatives: Record<string, Forecast> = {};
  for (const other of plan.alternatives) {
    if (other.excluded !== undefined) continue;
    const lane = await forecastLane(deps, other.model, other.requestSizes, settings);
    alternatives[other.model] = await forecast([lane]);
  }
  const lanes = await compareLanes(deps, plan, settings);
  const tooLate = isTooLate(lanes);
  return {
    sheet: sheet.file,
    settings,
    columns: sheet.columns,
    // What the price was planned on is no longer what will be paid.
    plan: tooLate ? { ...plan, expected: lanes.live.amount } : plan,
    forecast: chosenForecast(lanes, settings),
    lanes,
    alternatives,
    quotes,
    warnings: [
      ...sheet.warnings,
      ...plan.warnings,
      ...quoteWarnings,
      ...laneWarnings(lanes, settings),
    ],
  };
}

function laneWarnings(lanes: LaneComparison, { lane, deadlineAt }: RunSettings): string[] {
  if (lane !== 'auto' || lanes.batch === undefined) return [];
  if (deadlineAt === undefined) return [NO_DEADLINE];
  return isTooLate(lanes) ? [TOO_LATE] : [];
}

const NO_DEADLINE =
  'Without a deadline --lane auto is live: give one (--deadline 18:00), or take --lane batch';
const TOO_LATE =
  'The deadline leaves no time for the batch lane: everything is made live, at the live price';
