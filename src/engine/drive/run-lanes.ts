/** Binds the lanes of a run to their vendors, limits and bounds. */
import { bundleCost } from '../admit/bundle-cost.ts';
import { laneLimits } from '../admit/lane-limits.ts';
import { windowMarginMs } from '../admit/rolling-window.ts';
import type { BundleRules } from '../core/bundle.ts';
import type { Catalog } from '../core/catalog.ts';
import { type LaneKind, laneName, parseLaneName } from '../core/lane.ts';
import type { Limit } from '../core/limit.ts';
import type { Model } from '../core/model.ts';
import type { Quality } from '../core/quality.ts';
import type { Size } from '../core/size.ts';
import { LOCAL_WORKSPACE } from '../core/workspace.ts';
import type { EngineConfig } from '../engine-types.ts';
import { BUNDLE_SUBMIT_MS } from '../bundle/run-bundle.ts';
import type { ScheduledLane } from './scheduled-lane.ts';
import type { StoredRun } from '../store/store.ts';
import { accountRules } from '../vendors/own/configured-vendor.ts';
import { vendorsOf } from '../vendors/registry.ts';
import type { BundleLane, VendorLane } from '../vendors/vendor.ts';

/** Requests in flight in one process, when nothing else is said: what a picture's memory allows. */
const MOST_IN_FLIGHT = 128;
/** While a vendor's figures are not known: what a crash would leave unknown is bounded by it. */
const MOST_UNLEARNED = 48;
/** Batches of this process under way: each may hold hundreds of requests. */
export const MOST_BATCHES = 20;
/** Without a window there is nothing to be late for; the attempt's own deadline bounds it. */
const NO_WINDOW_MARGIN_MS = 60_000;

export interface LaneBinding {
  readonly catalog: Catalog;
  readonly config: EngineConfig;
  /** The vendor's lane, or `undefined` when its key is missing. */
  readonly laneOf: (vendor: string) => VendorLane | undefined;
  /** The vendor's lane whose calls carry many requests: its batch API, or its live way. */
  readonly bundleLaneOf: (vendor: string, kind: LaneKind) => BundleLane | undefined;
}

export interface RunBounds {
  readonly concurrency?: number;
  readonly imagesPerHour?: number;
}

export function boundsOfRun({ settings }: Pick<StoredRun, 'settings'>): RunBounds {
  return {
    ...(settings.concurrency !== undefined && { concurrency: settings.concurrency }),
    ...(settings.imagesPerHour !== undefined && { imagesPerHour: settings.imagesPerHour }),
  };
}

/** Binds a lane by its name (`core/lane.ts`); `undefined` when it cannot be reached. */
export function bindLane(
  binding: LaneBinding,
  name: string,
  bounds: RunBounds,
): ScheduledLane | undefined {
  const { model: modelId, kind } = parseLaneName(name);
  const model = binding.catalog.find(modelId);
  if (model === undefined) return undefined;
  const single = kind === 'live' ? binding.laneOf(model.vendor) : undefined;
  if (single !== undefined) {
    const limits = limitsOf(binding.config, model, single.account, bounds);
    return { lane: single, ...boundsOf(binding, model, kind, limits, bounds) };
  }
  const many = binding.bundleLaneOf(model.vendor, kind);
  const bundle = bundleRules(model, kind);
  if (many === undefined || bundle === undefined) return undefined;
  const limits = limitsOf(binding.config, model, many.account, bounds, kind);
  return { lane: many, bundle, ...boundsOf(binding, model, kind, limits, bounds) };
}

function boundsOf(
  binding: LaneBinding,
  model: Model,
  kind: LaneKind,
  limits: readonly Limit[],
  bounds: RunBounds,
) {
  const known = vendorsOf(binding.config.configured);
  const vendor = known.find((entry) => entry.name === model.vendor);
  const asked =
    bounds.concurrency ?? binding.config.vendors[model.vendor]?.concurrency ?? vendor?.concurrency;
  const most = kind === 'batch' ? MOST_BATCHES : MOST_IN_FLIGHT;
  const mostUnlearned = kind === 'batch' ? MOST_BATCHES : MOST_UNLEARNED;
  return {
    name: laneName(model.id, kind),
    limits,
    marginMs: marginOf(limits),
    concurrency: asked ?? most,
    concurrencyUnlearned: asked ?? mostUnlearned,
    longestCallMs: kind === 'batch' ? longestBatchMs(model) : model.longestCallMs,
  };
}

/** What a call of the lane may carry; `undefined` where the model has no such lane. */
export function bundleRules(model: Model, kind: LaneKind): BundleRules | undefined {
  if (kind === 'live') {
    const mostRequests = model.promptsPerRequest;
    return mostRequests === undefined
      ? undefined
      : { mostRequests, refusesWhole: true, cost: bundleCost(model) };
  }
  const { batch } = model;
  if (batch === undefined) return undefined;
  return {
    mostRequests: batch.mostRequests,
    results: { mostBytes: batch.mostResultBytes, bytesPerPixel: batch.resultBytesPerPixel },
    refusesWhole: false,
  };
}

/** The vendor's own end, the time to hand it over, and the time to read it. */
function longestBatchMs({ batch }: Model): Record<Quality, number> {
  const longestMs = (batch?.longestMs ?? 0) + BUNDLE_SUBMIT_MS;
  return { low: longestMs, medium: longestMs, high: longestMs };
}

export function limitsOf(
  config: EngineConfig,
  model: Model,
  account: string,
  bounds: RunBounds,
  kind: LaneKind = 'live',
): Limit[] {
  const facts = config.vendors[model.vendor];
  const own = config.configured?.[model.vendor];
  const workspace = config.workspace?.id ?? LOCAL_WORKSPACE;
  const share = facts?.shares?.[workspace] ?? facts?.shares?.['*'];
  const imagesPerHour = bounds.imagesPerHour ?? config.workspace?.imagesPerHour;
  return laneLimits(
    model,
    {
      account,
      ...(facts?.tier !== undefined && { tier: facts.tier }),
      ...(facts?.limits !== undefined && { figures: facts.limits }),
      ...(own !== undefined && { rules: accountRules(own) }),
      ...(share !== undefined && { share }),
    },
    {
      id: workspace,
      ...(imagesPerHour !== undefined && { imagesPerHour }),
    },
    kind,
  );
}

/** What a model is asked for so that `size` can be delivered; a model of ratios picks its own. */
export function askedSize(catalog: Catalog, modelId: string, size: Size): Size {
  const model = catalog.find(modelId);
  const fit = model === undefined ? undefined : catalog.fitSize(model, size);
  return fit?.ok === true && fit.asked.kind === 'size' ? fit.asked.made : size;
}

function marginOf(limits: readonly Limit[]): number {
  const margins = limits.flatMap((limit) =>
    limit.kind === 'window' && limit.learnable ? [windowMarginMs(limit.windowMs)] : [],
  );
  return Math.min(NO_WINDOW_MARGIN_MS, ...margins);
}
