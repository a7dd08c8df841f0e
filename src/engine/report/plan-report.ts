/** A plan as a person reads it: with the finishing times, and what other models would take. */
import { InputError } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';
import { checkNameTemplate } from '../deliver/name-template.ts';
import type {
  FinishForecast,
  Forecast,
  LaneComparison,
  PlanOrder,
  PlanReport,
} from '../engine-types.ts';
import { chosenForecast, compareLanes, isTooLate, isTooSlow } from './compare-lanes.ts';
import { type FinishForecastDeps, forecastFinishing } from './finish-forecast.ts';
import { forecast } from './forecast.ts';
import { forecastLane } from './forecast-lane.ts';
import { scaleAmount } from '../plan/amounts.ts';
import { ASSUMED_REFUSED_SHARE } from '../plan/price-plan.ts';
import { planQuotedSheet, type QuotingDeps } from './quote-prices.ts';
import type { Store } from '../store/store.ts';

export interface PlanReportDeps extends QuotingDeps, FinishForecastDeps {
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
  const finishing = await forecastFinishing(deps, plan, settings);
  if (finishing !== undefined && 'problem' in finishing) throw notFinishable(finishing.problem);
  return {
    sheet: sheet.file,
    settings,
    columns: sheet.columns,
    plan: atLivePrice(plan, lanes),
    forecast: withFinishing(chosenForecast(lanes, settings), finishing),
    ...(finishing !== undefined && { finishing }),
    lanes,
    alternatives,
    quotes,
    warnings: [
      ...sheet.warnings,
      ...plan.warnings,
      ...quoteWarnings,
      ...laneWarnings(lanes, settings),
      ...formatWarnings(settings),
    ],
  };
}

/** Images are finished while others are made: the slower of the two tells when all is done. */
function withFinishing(making: Forecast, finishing: FinishForecast | undefined): Forecast {
  if (finishing === undefined || making.finishMs === undefined) return making;
  const finishMs = Math.max(making.finishMs, finishing.totalMs) + finishing.msPerImage;
  return finishing.totalMs > making.finishMs
    ? { ...making, finishMs, blockedBy: 'finishing' }
    : { ...making, finishMs };
}

function notFinishable(reason: string): InputError {
  return new InputError([
    {
      message: `The recipe cannot be worked on this machine: ${reason}`,
      remedy: 'Change --finish, or leave it out and finish the images later.',
    },
  ]);
}

/** Where the deadline leaves batches no time, the half price is not what will be paid. */
function atLivePrice(plan: Plan, lanes: LaneComparison): Plan {
  const isAllLive = isTooLate(lanes);
  if (!isAllLive && !isTooSlow(lanes)) return plan;
  const expected = lanes.live.amount;
  return {
    ...plan,
    models: plan.models.map((each) => ({ ...each, amount: each.live })),
    // A batch that is quicker than usual is still cheaper.
    low: isAllLive ? scaleAmount(expected, 1 - ASSUMED_REFUSED_SHARE) : plan.low,
    expected,
  };
}

function laneWarnings(lanes: LaneComparison, settings: RunSettings): string[] {
  const { lane, deadlineAt, proof } = settings;
  if (lane !== 'auto' && deadlineAt !== undefined) return [DEADLINE_ALONE];
  if (lane === 'live' || lanes.batch === undefined) return [];
  if (lane === 'auto' && deadlineAt === undefined) return [NO_DEADLINE];
  if (isTooLate(lanes)) return [TOO_LATE];
  return [...(isTooSlow(lanes) ? [TOO_SLOW] : []), ...(proof === 0 ? [] : [PROOF_IS_LIVE])];
}

function formatWarnings({ finish, format }: RunSettings): string[] {
  if (format === undefined || finish === undefined || finish === 'none') return [];
  const isNamed = finish.outputs.every(({ steps }) => steps.some(({ kind }) => kind === 'encode'));
  return isNamed ? [`--format ${format} changes nothing: the recipe names every format`] : [];
}

const NO_DEADLINE =
  'Without a deadline --lane auto is live: give one (--deadline 18:00), or take --lane batch';
const TOO_LATE =
  'The deadline leaves no time for the batch lane: everything is made live, at the live price';
const TOO_SLOW =
  'Batches usually take longer than the deadline leaves them: the live price is expected, and what they make in time costs less';
const DEADLINE_ALONE =
  'The deadline changes nothing without --lane auto: it says when that lane leaves the batches';
const PROOF_IS_LIVE =
  'The proof is made live, at the live price; the totals count it as if it went by batch';
