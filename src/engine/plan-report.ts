/** A plan as a person reads it: with the finishing times, and what other models would take. */
import { InputError } from './core/errors.ts';
import { checkNameTemplate } from './deliver/name-template.ts';
import type { Forecast, PlanOrder, PlanReport } from './engine-types.ts';
import { forecast } from './forecast.ts';
import { forecastLane } from './forecast-lane.ts';
import { planSheet, type PlanningDeps } from './plan-sheet.ts';
import type { LaneBinding } from './run-lanes.ts';
import type { Store } from './store/store.ts';

export interface PlanReportDeps extends PlanningDeps, LaneBinding {
  readonly store: Store;
}

/** Plans a sheet; nothing is spent and nothing written. Throws `InputError` with all problems. */
export async function reportPlan(deps: PlanReportDeps, order: PlanOrder): Promise<PlanReport> {
  const { settings } = order;
  const { sheet, plan } = await planSheet(deps, order);
  const template = checkNameTemplate(settings.nameTemplate, sheet.columns);
  if (template.length > 0) throw new InputError(template);
  const alternatives: Record<string, Forecast> = {};
  for (const other of plan.alternatives) {
    if (other.excluded !== undefined) continue;
    const lane = await forecastLane(deps, other.model, other.requestSizes, settings);
    alternatives[other.model] = await forecast([lane]);
  }
  const lanes = await Promise.all(
    plan.models.map((model) => forecastLane(deps, model.model, model.requestSizes, settings)),
  );
  return {
    sheet: sheet.file,
    settings,
    columns: sheet.columns,
    plan,
    forecast: await forecast(lanes),
    alternatives,
    warnings: [...sheet.warnings, ...plan.warnings],
  };
}
