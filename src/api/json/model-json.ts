/** A model as programs read it: all that the catalog knows; what nobody knows is null. */
import type { Catalog } from '../../engine/core/catalog.ts';
import { fromMicros } from '../../engine/core/credits.ts';
import type { Model } from '../../engine/core/model.ts';
import { formatSize, type Size } from '../../engine/core/size.ts';
import type { VendorStanding } from '../../engine/engine-types.ts';
import { priceOf, type Wanted } from './model-price.ts';

/** Of `imagemill models --json`, and most of what the API tells of a model. */
export function modelJson(
  catalog: Catalog,
  model: Model,
  vendor: VendorStanding | undefined,
  wanted: Wanted,
) {
  const price = priceOf(catalog, model, wanted);
  const fit = catalog.fitSize(model, wanted.size);
  const { references, refusalCost } = model;
  return {
    model: model.id,
    title: model.title,
    vendor: model.vendor,
    wire: model.wireId ?? model.id,
    key_present: vendor?.keyPresent ?? false,
    key_variable: vendor?.keyVariable ?? null,
    aliases: model.aliases,
    lifecycle: model.lifecycle,
    credits: decimal(price?.creditMicros),
    usd: decimal(price?.usdMicros),
    batch_credits: decimal(price?.batch?.creditMicros),
    batch_usd: decimal(price?.batch?.usdMicros),
    ...(fit.ok ? {} : { excluded: fit.message }),
    batch_maximum: model.batchMaximum,
    images_per_request: model.imagesPerRequest,
    prompts_per_request: model.promptsPerRequest ?? 1,
    guide_side: model.guideSide ?? null,
    in_auto: model.inAuto,
    sizes: sizesJson(model),
    prompt_characters: model.promptCharacters,
    negative_prompt: model.negativePrompt,
    seed: model.seed,
    formats: model.formats,
    references: {
      count: references.count,
      bytes: references.bytes,
      media_types: references.mediaTypes,
      pixels: references.pixels ?? null,
      smallest_side: references.smallestSide ?? null,
      largest_side: references.largestSide ?? null,
      longest_ratio: references.longestRatio ?? null,
      largest_picture: sizeText(references.largestPicture),
    },
    prices: pricesJson(model),
    batch: batchJson(model),
    refusal_cost: refusalCost,
    limits: model.limits.map((rule) => ({
      name: rule.name,
      unit: rule.unit,
      max: rule.max ?? null,
      seconds: rule.kind === 'window' ? rule.windowMs / 1000 : null,
      source: rule.source,
    })),
    tiers: model.tiers,
    typical_seconds: inSeconds(model.typicalCallMs),
    longest_seconds: inSeconds(model.longestCallMs),
    source: model.source,
  };
}

function sizesJson({ sizes }: Model) {
  if (sizes.kind === 'ratio') {
    const classes = Object.fromEntries(sizes.classes.map(({ name, square }) => [name, square]));
    return { kind: sizes.kind, ratios: sizes.ratios, classes };
  }
  return {
    kind: sizes.kind,
    steps: sizes.multipleOf,
    smallest: formatSize(sizes.smallest),
    largest: formatSize(sizes.largest),
    longest_ratio: sizes.longestRatio,
  };
}

function pricesJson({ prices }: Model) {
  return {
    credits: fromMicros(prices.creditMicros),
    credits_are: prices.creditSource,
    usd:
      prices.usd === 'unknown'
        ? null
        : prices.usd.map(({ size, quality, usdMicros }) => ({
            size: formatSize(size),
            quality: quality ?? null,
            usd: fromMicros(usdMicros),
          })),
    same_for_all: prices.flat,
    usd_per_million_prompt_tokens: prices.usdMicrosPerPromptByte,
    usd_per_reference: fromMicros(prices.usdMicrosPerReference ?? 0),
    usd_of_thoughts: {
      expected: fromMicros(prices.usdMicrosOfThoughts?.expected ?? 0),
      worst: fromMicros(prices.usdMicrosOfThoughts?.worst ?? 0),
    },
    source: prices.source,
    date: prices.date,
  };
}

function batchJson({ batch }: Model) {
  if (batch === undefined) return null;
  return {
    price_share: batch.priceShare,
    most_requests: batch.mostRequests,
    most_result_bytes: batch.mostResultBytes,
    result_bytes_per_pixel: batch.resultBytesPerPixel,
    typical_seconds: batch.typicalMs / 1000,
    longest_seconds: batch.longestMs / 1000,
    cancel_seconds: batch.cancelMs / 1000,
    source: batch.source,
    date: batch.date,
  };
}

function inSeconds(of: Model['typicalCallMs']) {
  return { low: of.low / 1000, medium: of.medium / 1000, high: of.high / 1000 };
}

function decimal(micros: number | undefined): number | null {
  return micros === undefined ? null : fromMicros(micros);
}

function sizeText(size: Size | undefined): string | null {
  return size === undefined ? null : formatSize(size);
}
