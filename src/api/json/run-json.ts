/** What `--json` prints. Credits and dollars are decimal numbers; what nobody knows is null. */
import { isoTime } from '../../engine/core/iso-time.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { Problem } from '../../engine/core/errors.ts';
import { recipeOf } from '../../engine/core/finishing.ts';
import type { ItemCounts } from '../../engine/core/outcome.ts';
import type { Amount } from '../../engine/core/plan.ts';
import { formatRecipe } from '../../engine/core/recipe.ts';
import { formatSize } from '../../engine/core/size.ts';
import type { LaneOutlook, Forecast, PlanReport, RunReport } from '../../engine/engine-types.ts';

/** Of `run`, `resume`, `status`, `approve`, `retry`, `pause` and `cancel`. */
export function runJson(report: RunReport) {
  const { run, rows, items, waits, atRisk, proof, owner } = report;
  return {
    run: run.id,
    state: run.state,
    rows,
    // Always all states, so that their sum is the items planned.
    items: {
      delivered: items.delivered,
      refused: items.refused,
      failed: items.failed,
      unknown: items.unknown,
      waiting: items.waiting,
      sent: items.sent,
      cancelled: items.cancelled,
    } satisfies ItemCounts,
    credits: {
      posted: fromMicros(run.postedCreditMicros),
      held: fromMicros(run.heldCreditMicros),
    },
    usd: {
      estimated: decimal(report.estimatedUsdMicros),
      actual: fromMicros(run.actualUsdMicros),
      held: fromMicros(run.heldUsdMicros),
      written_off: fromMicros(run.writtenOffUsdMicros),
    },
    out: run.out,
    exit_code: report.exitCode,
    reason: run.reason ?? null,
    reason_text: run.reasonText ?? null,
    title: run.title,
    sheet: run.sheet,
    budget: decimal(run.budgetCreditMicros),
    max_usd: decimal(run.maxUsdMicros),
    at_risk: {
      requests: atRisk.requests,
      credits: fromMicros(atRisk.creditMicros),
      usd: fromMicros(atRisk.usdMicros),
    },
    waits: Object.entries(waits).map(([lane, { limit, reason, until }]) => ({
      lane,
      limit,
      reason,
      until: until === undefined ? null : isoTime(until),
    })),
    refusals: report.refusals.map(({ category, stage, items }) => ({
      category,
      stage: stage ?? null,
      items,
    })),
    recipe: recipeText(run.settings),
    finish_failures: report.finishFailures,
    models: report.byModel,
    quality: qualityJson(report.quality),
    owner: owner ? { host: owner.host, pid: owner.pid, alive: owner.alive } : null,
    hands: report.hands,
    proof: proof
      ? {
          items: proof.items,
          spent: amountJson(proof.spent),
          likely_rest: amountJson(proof.likelyRest),
          at_most_rest: amountJson(proof.atMostRest),
        }
      : null,
    plan_hash: run.plan?.hash ?? null,
    batches: report.bundles.map(({ lane, requests, completed, sentAt, ref }) => ({
      lane,
      requests,
      completed,
      sent_at: isoTime(sentAt),
      vendor_ref: ref ?? null,
    })),
    created_at: isoTime(run.createdAt),
    updated_at: isoTime(run.updatedAt),
  };
}

/** Detail has no unit: it compares a model's images with each other. */
function qualityJson({ models, flags }: RunReport['quality']) {
  return {
    models: models.map(
      ({ model, verdict, start, latest, ratio, probability, curve, canaries }) => ({
        model,
        verdict,
        start: start ?? null,
        latest: latest ?? null,
        ratio: ratio ?? null,
        probability: probability ?? null,
        curve,
        canaries,
      }),
    ),
    flags,
  };
}

/** Of `plan`. */
export function planJson(report: PlanReport) {
  const { plan, forecast } = report;
  return {
    rows: plan.rows,
    items: plan.items,
    skipped: plan.skipped,
    duplicates: plan.duplicates,
    plan_hash: plan.hash,
    models: plan.models.map(({ model, batches, requests, items, amount }) => ({
      model,
      batches,
      requests,
      items,
      ...amountJson(amount),
    })),
    total: {
      low: amountJson(plan.low),
      expected: amountJson(plan.expected),
      worst: amountJson(plan.worst),
    },
    finish_seconds: seconds(forecast),
    finishing: report.finishing
      ? {
          recipe: report.finishing.recipe,
          seconds: report.finishing.totalMs / 1000,
          ms_per_image: report.finishing.msPerImage,
        }
      : null,
    blocked_by: forecast.blockedBy ?? null,
    warnings: report.warnings,
    references: plan.references ?? { pictures: 0, fitted: 0 },
    choice: plan.choice,
    alternatives: plan.alternatives.map(({ model, amount, excluded, available }) => ({
      model,
      ...amountJson(amount),
      finish_seconds: seconds(report.alternatives[model]),
      ...(excluded !== undefined && { excluded }),
      available,
    })),
    lanes: {
      live: laneJson(report.lanes.live),
      ...(report.lanes.batch && { batch: laneJson(report.lanes.batch) }),
      ...(report.lanes.leaveBatchAt !== undefined && {
        leave_batch_at: Number.isFinite(report.lanes.leaveBatchAt)
          ? isoTime(report.lanes.leaveBatchAt)
          : null,
      }),
    },
    collapsed: plan.collapsed,
    canaries: plan.canaries ?? 0,
    quotes: report.quotes.map(({ model, size, quality, references, usdMicrosPerImage }) => ({
      model,
      size: formatSize(size),
      quality,
      references,
      usd: fromMicros(usdMicrosPerImage),
    })),
    assumptions: forecast.assumptions,
    columns: report.columns,
    sheet: report.sheet,
    catalog_date: plan.catalogDate,
  };
}

/** Of a command that failed; `problems` are those of a sheet or of options. */
export function errorJson(message: string, problems: readonly Problem[] = []) {
  return { error: message, problems };
}

export function amountJson(amount: Amount) {
  return { credits: fromMicros(amount.creditMicros), usd: decimal(amount.usdMicros) };
}

function laneJson({ amount, forecast }: LaneOutlook) {
  return { ...amountJson(amount), finish_seconds: seconds(forecast) };
}

function decimal(micros: number | undefined): number | null {
  return micros === undefined ? null : fromMicros(micros);
}

function seconds(forecast: Forecast | undefined): number | null {
  return forecast?.finishMs === undefined ? null : Math.ceil(forecast.finishMs / 1000);
}

function recipeText(settings: RunReport['run']['settings']): string | null {
  const recipe = recipeOf(settings);
  return recipe === undefined ? null : formatRecipe(recipe);
}
