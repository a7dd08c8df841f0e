/** A plan as a person reads it: with the finishing times, and what other models would take. */
import { InputError } from './core/errors.ts';
import type { RunSettings } from './core/settings.ts';
import { checkNameTemplate } from './deliver/name-template.ts';
import type { Forecast, PlanOrder, PlanReport } from './engine-types.ts';
import { forecast, type ForecastLane } from './forecast.ts';
import { planSheet, type PlanningDeps } from './plan-sheet.ts';
import { bindLane, type LaneBinding, limitsOf, type RunBounds } from './run-lanes.ts';
import type { Store } from './store/store.ts';

/** In flight at a vendor that cannot be reached, for the comparison. */
const FORECAST_IN_FLIGHT = 128;

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

async function forecastLane(
  deps: PlanReportDeps,
  modelId: string,
  requestSizes: Readonly<Record<number, number>>,
  settings: RunSettings,
): Promise<ForecastLane> {
  const model = deps.catalog.find(modelId)!;
  const bounds = boundsOf(settings);
  const bound = bindLane(deps, modelId, bounds);
  const rules = bound?.limits ?? limitsOf(deps.config, model, 'none', bounds);
  // What earlier runs have learned is known now.
  const gauges = await deps.store.gauges(rules);
  return {
    model,
    quality: settings.quality,
    limits: gauges.map(({ limit, max }) => ({ ...limit, max })),
    concurrency: bound?.concurrency ?? settings.concurrency ?? FORECAST_IN_FLIGHT,
    requestSizes,
  };
}

function boundsOf({ concurrency, imagesPerHour }: RunSettings): RunBounds {
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(imagesPerHour !== undefined && { imagesPerHour }),
  };
}
