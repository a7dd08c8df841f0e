/** Binds the lanes of a run to their vendors, limits and bounds. */
import { laneLimits } from './admit/lane-limits.ts';
import { windowMarginMs } from './admit/rolling-window.ts';
import type { Catalog } from './core/catalog.ts';
import type { Limit } from './core/limit.ts';
import type { Model } from './core/model.ts';
import type { Size } from './core/size.ts';
import type { EngineConfig } from './engine-types.ts';
import type { ScheduledLane } from './scheduler.ts';
import { vendors } from './vendors/registry.ts';
import type { VendorLane } from './vendors/vendor.ts';

/** Requests in flight in one process, when nothing else is said: what a picture's memory allows. */
const MOST_IN_FLIGHT = 128;
/** While a vendor's figures are not known: what a crash would leave unknown is bounded by it. */
const MOST_UNLEARNED = 48;
/** Without a window there is nothing to be late for; the attempt's own deadline bounds it. */
const NO_WINDOW_MARGIN_MS = 60_000;

export interface LaneBinding {
  readonly catalog: Catalog;
  readonly config: EngineConfig;
  /** The vendor's lane, or `undefined` when its key is missing. */
  readonly laneOf: (vendor: string) => VendorLane | undefined;
}

export interface RunBounds {
  readonly concurrency?: number;
  readonly imagesPerHour?: number;
}

export function bindLane(
  binding: LaneBinding,
  modelId: string,
  bounds: RunBounds,
): ScheduledLane | undefined {
  const model = binding.catalog.find(modelId);
  const lane = model && binding.laneOf(model.vendor);
  if (model === undefined || lane === undefined) return undefined;
  const limits = limitsOf(binding.config, model, lane.account, bounds);
  const vendor = vendors.find(({ name }) => name === model.vendor);
  const asked =
    bounds.concurrency ?? binding.config.vendors[model.vendor]?.concurrency ?? vendor?.concurrency;
  return {
    name: model.id,
    lane,
    limits,
    marginMs: marginOf(limits),
    concurrency: asked ?? MOST_IN_FLIGHT,
    concurrencyUnlearned: asked ?? MOST_UNLEARNED,
    longestCallMs: model.longestCallMs,
  };
}

export function limitsOf(
  config: EngineConfig,
  model: Model,
  account: string,
  bounds: RunBounds,
): Limit[] {
  const facts = config.vendors[model.vendor];
  const imagesPerHour = bounds.imagesPerHour ?? config.workspace?.imagesPerHour;
  return laneLimits(
    model,
    {
      account,
      ...(facts?.tier !== undefined && { tier: facts.tier }),
      ...(facts?.limits !== undefined && { figures: facts.limits }),
    },
    {
      id: config.workspace?.id ?? 'local',
      ...(imagesPerHour !== undefined && { imagesPerHour }),
    },
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
