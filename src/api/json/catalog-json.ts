/** The models of a service: all that the catalog knows, and whether each can be used here. */
import type { Catalog } from '../../engine/core/catalog.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { Model } from '../../engine/core/model.ts';
import { QUALITIES } from '../../engine/core/quality.ts';
import { formatSize, type Size } from '../../engine/core/size.ts';
import type { VendorStanding } from '../../engine/engine-types.ts';
import { modelJson } from './model-json.ts';
import { priceOf, type Wanted } from './model-price.ts';

/** Sizes that people ask for, beside those that a model's own prices name. */
const USUAL_SIZES: readonly Size[] = [
  { width: 1024, height: 1024 },
  { width: 1536, height: 1024 },
  { width: 1024, height: 1536 },
  { width: 2048, height: 2048 },
  { width: 3840, height: 2160 },
  { width: 4096, height: 4096 },
];

export interface ModelsOfService {
  readonly catalog: Catalog;
  readonly vendors: readonly VendorStanding[];
  /** Ids of those that can be used now. */
  readonly available: readonly string[];
}

export function catalogJson(known: ModelsOfService, model: Model, wanted: Wanted) {
  const { catalog, available } = known;
  const all = modelJson(catalog, model, undefined, wanted);
  // Who keeps the service knows its keys; a caller is told what to do.
  const { key_present: _present, key_variable: _variable, batch, prices, ...facts } = all;
  return {
    ...facts,
    excluded: facts.excluded ?? null,
    available: available.includes(model.id),
    to_use: toUse(known, model),
    prices: pricesOf(catalog, model),
    price_source: prices.source,
    price_date: prices.date,
    lanes: ['live' as const, ...(batch === null ? [] : ['batch' as const])],
  };
}

/** What whoever keeps the service, or calls it, can do so that the model can be used; null: it can be. */
export function toUse(
  { catalog, vendors, available }: ModelsOfService,
  model: Model,
): string | null {
  if (available.includes(model.id)) return null;
  const standing = catalog.standing(model);
  if (standing.kind === 'problem') return `${standing.message}. ${standing.remedy}`;
  const vendor = vendors.find(({ name }) => name === model.vendor);
  if (vendor?.problem !== undefined) return vendor.problem;
  if (vendor?.keyVariable !== undefined && !vendor.keyPresent) {
    return `Whoever keeps this service sets ${vendor.keyVariable} in its environment.`;
  }
  return 'Whoever keeps this service adds its vendor to the configuration.';
}

function pricesOf(catalog: Catalog, model: Model) {
  return sizesOf(model).flatMap((size) =>
    QUALITIES.flatMap((quality) => {
      const price = priceOf(catalog, model, { size, quality });
      if (price === undefined) return [];
      return [
        {
          size: formatSize(size),
          quality,
          credits: fromMicros(price.creditMicros),
          credits_are: catalog.imagePrice(model, size, quality).creditSource,
          usd: decimal(price.usdMicros),
          batch_credits: decimal(price.batch?.creditMicros),
          batch_usd: decimal(price.batch?.usdMicros),
        },
      ];
    }),
  );
}

function sizesOf(model: Model): Size[] {
  const listed = model.prices.usd === 'unknown' ? [] : model.prices.usd.map(({ size }) => size);
  const classes =
    model.sizes.kind === 'ratio'
      ? model.sizes.classes.map(({ square }) => ({ width: square, height: square }))
      : [];
  const all = new Map(
    [...classes, ...listed, ...USUAL_SIZES].map((size) => [formatSize(size), size]),
  );
  return [...all.values()].toSorted((a, b) => a.width * a.height - b.width * b.height);
}

function decimal(micros: number | undefined): number | null {
  return micros === undefined ? null : fromMicros(micros);
}
