/** What a plan costs and when it is done by the live lane and by the half-price one. */
import type { Plan } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';
import type { Forecast, LaneComparison } from '../engine-types.ts';
import { forecast } from './forecast.ts';
import { forecastLane, type ForecastDeps } from './forecast-lane.ts';
import { leaveBatchAt } from '../drive/lane-deadline.ts';
import { MOST_BATCHES } from '../drive/run-lanes.ts';

export async function compareLanes(
  deps: ForecastDeps,
  plan: Plan,
  settings: RunSettings,
): Promise<LaneComparison> {
  const lanes = await Promise.all(
    plan.models.map(({ model, requestSizes }) => forecastLane(deps, model, requestSizes, settings)),
  );
  const live = { amount: plan.lanes.live, forecast: await forecast(lanes) };
  if (plan.lanes.batch === undefined) return { live };
  const batch = { amount: plan.lanes.batch, forecast: await forecastBatches(deps, plan, settings) };
  if (settings.lane !== 'auto' || settings.deadlineAt === undefined) return { live, batch };
  const cancelMs = Math.max(
    0,
    ...plan.models.map(({ model }) => deps.catalog.find(model)?.batch?.cancelMs ?? 0),
  );
  const leaveAt = leaveBatchAt({
    deadlineAt: settings.deadlineAt,
    liveMs: live.forecast.finishMs,
    cancelMs,
  });
  return { live, batch, leaveBatchAt: leaveAt, now: await deps.store.now() };
}

/** Batches go side by side; models without that lane are made live meanwhile. */
async function forecastBatches(
  deps: ForecastDeps,
  plan: Plan,
  settings: RunSettings,
): Promise<Forecast> {
  const pixels = settings.size.width * settings.size.height;
  const assumptions: string[] = [];
  let finishMs = 0;
  for (const { model: id, requestSizes, requests, items } of plan.models) {
    const model = deps.catalog.find(id);
    if (model?.batch === undefined) {
      const live = await forecast([await forecastLane(deps, id, requestSizes, settings)]);
      if (live.finishMs === undefined) return live;
      finishMs = Math.max(finishMs, live.finishMs);
      continue;
    }
    const { mostRequests, mostResultBytes, resultBytesPerPixel, typicalMs, longestMs } =
      model.batch;
    const bytes = items * pixels * resultBytesPerPixel;
    const batches = Math.ceil(Math.max(requests / mostRequests, bytes / mostResultBytes));
    finishMs = Math.max(finishMs, Math.ceil(batches / MOST_BATCHES) * typicalMs);
    assumptions.push(
      `${id}: a batch usually takes ${hours(typicalMs)}; the vendor promises ${hours(longestMs)}`,
    );
  }
  return { finishMs, assumptions };
}

function hours(milliseconds: number): string {
  const whole = Math.max(1, Math.round(milliseconds / 3_600_000));
  return whole === 1 ? 'an hour' : `${whole} hours`;
}

/** The finishing time of the lane that the settings choose. */
export function chosenForecast(lanes: LaneComparison, settings: RunSettings): Forecast {
  if (lanes.batch === undefined || settings.lane === 'live') return lanes.live.forecast;
  if (settings.lane === 'batch') return lanes.batch.forecast;
  if (settings.deadlineAt === undefined || isTooLate(lanes)) return lanes.live.forecast;
  const left = settings.deadlineAt - (lanes.now ?? 0);
  const { finishMs, assumptions } = lanes.batch.forecast;
  return { finishMs: finishMs === undefined ? left : Math.min(left, finishMs), assumptions };
}

/** The deadline leaves the live lane no time beside a batch: everything goes live at once. */
export function isTooLate({ leaveBatchAt: leaveAt, now }: LaneComparison): boolean {
  return leaveAt !== undefined && now !== undefined && leaveAt <= now;
}

/** Batches usually take longer than the deadline leaves them: the live price is to be expected. */
export function isTooSlow(lanes: LaneComparison): boolean {
  const { batch, leaveBatchAt: leaveAt, now } = lanes;
  const finishMs = batch?.forecast.finishMs;
  if (leaveAt === undefined || now === undefined || finishMs === undefined) return false;
  return !isTooLate(lanes) && now + finishMs > leaveAt;
}
