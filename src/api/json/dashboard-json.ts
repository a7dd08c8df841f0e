import type { CostComparison, LaneHealth } from '../../engine/core/dashboard.ts';
import type { CreditStanding } from '../../engine/core/credit-entry.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { UsageSums } from '../../engine/core/usage.ts';
import type {
  DashboardReport,
  DashboardRun,
  ModelDetailReport,
  RunCost,
  UntakenWork,
  WorkerFigures,
} from '../../engine/engine-types.ts';
import { runSummaryJson } from './api-run-json.ts';
import { creditsJson } from './credits-json.ts';
import { limitJson } from './limit-json.ts';
import { asSent } from './mutable.ts';

export interface DashboardFrame {
  readonly days: number;
  readonly timeZone: string;
  /** Where clients reach the API, without a slash at the end. */
  readonly base: string;
  readonly now: number;
  /** Absent: nothing of money is told. */
  readonly standing?: CreditStanding | undefined;
  readonly taking: WorkerFigures['taking'];
  /** Of the workspace's own work. */
  readonly missing: UntakenWork['kinds'];
}

export function dashboardJson(report: DashboardReport, frame: DashboardFrame) {
  const { days, timeZone, base, now, standing } = frame;
  const runs = (some: readonly DashboardRun[]) => some.map((each) => runJson(each, base));
  return asSent({
    days,
    from: isoTime(report.from),
    to: isoTime(report.to),
    time_zone: timeZone,
    credits: standing === undefined ? null : creditsJson(standing),
    hour: limitJson(report.hour, now),
    usage: standing === undefined ? null : usageJson(report),
    costs: standing === undefined ? null : costsJson(report),
    outcomes: report.models.map(({ model, days: ofDays, refusals, failures, ...sums }) => ({
      model,
      images: imagesJson(sums),
      days: ofDays.map(({ day, ...ofDay }) => ({ day, images: imagesJson(ofDay) })),
      refusals,
      failures,
    })),
    lanes: report.lanes.map(({ limits, ...lane }) => ({
      ...laneJson(lane, report.recentSince),
      limits: limits.map((entry) => limitJson(entry, now)),
    })),
    runs: {
      working: runs(report.runs.working),
      waiting: runs(report.runs.waiting),
      ended: runs(report.runs.ended),
    },
    workers: { taking: frame.taking, missing: frame.missing },
  });
}

export function detailJson(models: readonly ModelDetailReport[]) {
  return asSent({
    data: models.map(({ model, runs, curve, canaries }) => ({
      model,
      runs: runs.map(({ run, verdict, ratio }) => ({
        run: run.id,
        title: run.title,
        verdict,
        ratio: ratio ?? null,
      })),
      curve,
      canaries: {
        same: canaries.same ?? 0,
        less_detail: canaries['less-detail'] ?? 0,
        other_picture: canaries['other-picture'] ?? 0,
      },
    })),
  });
}

function usageJson({ days, models, keys, total }: DashboardReport) {
  return {
    days: days.map(({ day, ...sums }) => ({ day, ...spentJson(sums) })),
    models: models.map(({ model, ...sums }) => ({ model, ...spentJson(sums) })),
    keys: keys.map(({ group, name, ...sums }) => ({
      key: group ?? null,
      name: name ?? null,
      ...spentJson(sums),
    })),
    total: spentJson(total),
  };
}

function spentJson(sums: UsageSums) {
  return {
    images: imagesJson(sums),
    credits: fromMicros(sums.postedCreditMicros),
    usd: fromMicros(sums.usdMicros),
  };
}

function imagesJson({ delivered, refused, failed }: UsageSums) {
  return { delivered, refused, failed };
}

function costsJson({ costs }: DashboardReport) {
  return {
    runs: costs.runs.map((cost: RunCost) => ({
      run: cost.run.id,
      title: cost.run.title,
      created_at: isoTime(cost.run.createdAt),
      ...comparedJson(cost),
      is_final: cost.isFinal,
    })),
    models: costs.models.map(({ model, runs, planned, delivered, ...cost }) => ({
      model,
      runs,
      planned,
      delivered,
      ...comparedJson(cost),
    })),
  };
}

function comparedJson({ estimated, actual }: CostComparison) {
  const { usdMicros } = estimated;
  return {
    estimated: {
      credits: fromMicros(estimated.creditMicros),
      usd: usdMicros === undefined ? null : fromMicros(usdMicros),
    },
    actual: { credits: fromMicros(actual.creditMicros), usd: fromMicros(actual.usdMicros) },
  };
}

function laneJson(lane: LaneHealth, recentSince: number) {
  const { lastSuccessAt, lastFailure } = lane;
  return {
    vendor: lane.vendor,
    model: lane.model,
    lane: lane.lane,
    verdict: lane.verdict,
    in_flight: lane.sent,
    waiting: lane.waiting,
    waits: lane.waits.map(({ runId, limit, reason, until }) => ({
      run: runId,
      limit,
      reason,
      until: until === undefined ? null : isoTime(until),
    })),
    recent: { since: isoTime(recentSince), images: imagesJson(lane.recent) },
    last_success_at: lastSuccessAt === undefined ? null : isoTime(lastSuccessAt),
    last_failure:
      lastFailure === undefined
        ? null
        : {
            at: isoTime(lastFailure.at),
            kind: lastFailure.kind ?? null,
            words: lastFailure.words,
          },
  };
}

function runJson({ run, items, unknown }: DashboardRun, base: string) {
  return { ...runSummaryJson(run, items, base), unknown_requests: unknown };
}
