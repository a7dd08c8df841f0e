/**
 * When a run must leave the cheap lane so that the live lane can still keep the deadline. What a batch
 * has made by then is taken and paid for at half price; only the rest is asked for live.
 */
import type { Clock } from '../core/clock.ts';
import { parseLaneName } from '../core/lane.ts';
import { forecast } from '../report/forecast.ts';
import { forecastLane, type ForecastDeps } from '../report/forecast-lane.ts';
import type { StoredRun } from '../store/store.ts';

/** Vendors are slower at times: the live lane is given a quarter more than its forecast. */
const SLOWER_THAN_FORECAST = 1.25;
/** For the last pictures to be read, checked and delivered. */
const RESERVE_MS = 2 * 60_000;
/** The rest gets smaller while batches end, so the moment is worked out again. */
const LOOK_AGAIN_MS = 10 * 60_000;

const NEVER = Infinity;

/** The latest moment for asking the vendor to stop its batches. */
export function leaveBatchAt(question: {
  readonly deadlineAt: number;
  /** What the live lane needs for all that is still open; `undefined`: it would never be done. */
  readonly liveMs: number | undefined;
  /** The longest that stopping a batch takes. */
  readonly cancelMs: number;
}): number {
  const { deadlineAt, liveMs, cancelMs } = question;
  if (liveMs === undefined) return -Infinity;
  return deadlineAt - cancelMs - Math.ceil(liveMs * SLOWER_THAN_FORECAST) - RESERVE_MS;
}

export interface DeadlineDeps extends ForecastDeps {
  readonly clock: Clock;
}

/** Whether the batch lanes must be left now, or should not have been taken any more. */
export async function isTimeToLeave(
  deps: DeadlineDeps,
  run: StoredRun,
  batchLanes: readonly string[],
): Promise<boolean> {
  return (await momentToLeave(deps, run, batchLanes)) <= deps.clock.now();
}

/** Resolves when the batch lanes must be left, or when `ended` is aborted (false). */
export async function waitToLeave(
  deps: DeadlineDeps,
  run: StoredRun,
  batchLanes: readonly string[],
  ended: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (ended.aborted) return false;
    const leaveAt = await momentToLeave(deps, run, batchLanes);
    if (ended.aborted || leaveAt === NEVER) return false;
    const waitMs = leaveAt - deps.clock.now();
    if (waitMs <= 0) return true;
    await deps.clock.sleep(Math.min(waitMs, LOOK_AGAIN_MS), ended);
    if (ended.aborted) return false;
  }
}

async function momentToLeave(
  deps: DeadlineDeps,
  { id, settings }: StoredRun,
  batchLanes: readonly string[],
): Promise<number> {
  const { deadlineAt, lane } = settings;
  if (lane !== 'auto' || deadlineAt === undefined) return NEVER;
  const lanes = [];
  let cancelMs = 0;
  for (const name of batchLanes) {
    const sizes = await deps.store.openRequestSizes(id, name);
    if (Object.keys(sizes).length === 0) continue;
    const { model } = parseLaneName(name);
    cancelMs = Math.max(cancelMs, deps.catalog.find(model)?.batch?.cancelMs ?? 0);
    lanes.push(await forecastLane(deps, model, sizes, settings));
  }
  // What no batch has to make is not late.
  if (lanes.length === 0) return NEVER;
  const { finishMs } = await forecast(lanes);
  return leaveBatchAt({ deadlineAt, liveMs: finishMs, cancelMs });
}
