/** A model's live lane as the forecast needs it: with what is known of its limits now. */
import type { RunSettings } from '../core/settings.ts';
import type { ForecastLane } from './forecast.ts';
import { bindLane, type LaneBinding, limitsOf, type RunBounds } from '../drive/run-lanes.ts';
import type { Store } from '../store/store.ts';

/** In flight at a vendor that cannot be reached, for the comparison. */
const FORECAST_IN_FLIGHT = 128;

export interface ForecastDeps extends LaneBinding {
  readonly store: Store;
}

export async function forecastLane(
  deps: ForecastDeps,
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
