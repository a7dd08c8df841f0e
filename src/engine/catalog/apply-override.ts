import type { Problem } from '../core/errors.ts';
import type { BatchLaneFacts, Lifecycle, Model, SizeRule } from '../core/model.ts';
import { CATALOG_DATE, HOUR, MEGABYTE, MINUTE, sameForAll, SECOND } from './models/figures.ts';
import { CONFIG_SOURCE } from './new-model.ts';
import { correctLimits } from './override-limits.ts';
import { correctPrices } from './override-prices.ts';
import type { ModelOverride } from './overrides-schema.ts';

/** What is assumed of a batch API where the file says only that there is one. */
const USUAL_BATCH: BatchLaneFacts = {
  priceShare: 0.5,
  mostRequests: 500,
  mostResultBytes: 1_536 * MEGABYTE,
  resultBytesPerPixel: 3,
  typicalMs: 6 * HOUR,
  longestMs: 24 * HOUR,
  cancelMs: 10 * MINUTE,
  limits: [],
  source: CONFIG_SOURCE,
  date: CATALOG_DATE,
};

/** `model` with everything that the file says of it. Problems are added to `problems`. */
export function applyOverride(
  model: Model,
  override: ModelOverride,
  path: string,
  problems: Problem[],
): Model {
  const { batch: _isCorrected, ...rest } = model;
  // Another vendor has no batch API because the first one has.
  const isElsewhere = override.vendor !== undefined && override.vendor !== model.vendor;
  const batch = correctBatch(isElsewhere ? undefined : model.batch, override.batch);
  const sizes = correctSizes(model.sizes, override.sizes, path, problems);
  const tiers = { ...model.tiers, ...override.tiers };
  return {
    ...rest,
    ...given({
      vendor: override.vendor,
      wireId: override.wire,
      title: override.title,
      lifecycle: lifecycleOf(override.lifecycle),
      batchMaximum: override.batchMaximum,
      imagesPerRequest: override.imagesPerRequest,
      promptsPerRequest: override.promptsPerRequest,
      guideSide: override.guideSide,
      inAuto: override.inAuto,
      promptCharacters: override.promptCharacters,
      negativePrompt: negativePromptOf(override.negativePrompt),
      seed: override.seed,
      formats: override.formats,
      longestCallMs: milliseconds(override.longestSeconds),
      typicalCallMs: milliseconds(override.typicalSeconds),
      batch,
      source: override.source,
    }),
    aliases: [...new Set([...model.aliases, ...(override.aliases ?? [])])],
    sizes,
    tiers,
    references: { ...model.references, ...given(override.references ?? {}) },
    prices: correctPrices(model.prices, override),
    refusalCost: correctRefusalCost(model.refusalCost, override),
    limits: correctLimits({ ...model, tiers }, override, path, problems),
  };
}

/** The values that are there: a missing one must not cover the model's own. */
function given<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };
}

function lifecycleOf(lifecycle: ModelOverride['lifecycle']): Lifecycle | undefined {
  return lifecycle === 'active' ? { state: 'active' } : lifecycle;
}

function negativePromptOf(
  wanted: ModelOverride['negativePrompt'],
): Model['negativePrompt'] | undefined {
  if (typeof wanted !== 'boolean') return wanted;
  return wanted ? 'yes' : 'no';
}

function milliseconds(wanted: ModelOverride['longestSeconds']): Model['longestCallMs'] | undefined {
  if (wanted === undefined) return undefined;
  if (typeof wanted === 'number') return sameForAll(Math.round(wanted * SECOND));
  return {
    low: Math.round(wanted.low * SECOND),
    medium: Math.round(wanted.medium * SECOND),
    high: Math.round(wanted.high * SECOND),
  };
}

/** Fields of the other kind of sizes replace the model's; of the same kind they correct it. */
function correctSizes(
  sizes: SizeRule,
  wanted: ModelOverride['sizes'],
  path: string,
  problems: Problem[],
): SizeRule {
  if (wanted === undefined) return sizes;
  if (wanted.kind === 'ratio') return classSizes(sizes, wanted, path, problems);
  const { steps, smallest, largest, longestRatio } = wanted;
  const own = sizes.kind === 'free' ? sizes : undefined;
  const rule: SizeRule = {
    kind: 'free',
    multipleOf: steps ?? own?.multipleOf ?? 8,
    smallest: smallest ?? own?.smallest ?? { width: 64, height: 64 },
    largest: largest ?? own?.largest ?? { width: 2048, height: 2048 },
    longestRatio: longestRatio ?? own?.longestRatio ?? 32,
  };
  const [least, most] = [rule.smallest, rule.largest];
  if (least.width * least.height > most.width * most.height) {
    problems.push({
      column: `${path}.sizes`,
      value: `${least.width}x${least.height} to ${most.width}x${most.height}`,
      message: 'The smallest size is larger than the largest',
      remedy: 'Correct smallest or largest.',
    });
  }
  return rule;
}

type ClassSizes = Extract<ModelOverride['sizes'], { kind: 'ratio' }>;

function classSizes(
  sizes: SizeRule,
  { ratios, classes }: ClassSizes,
  path: string,
  problems: Problem[],
): SizeRule {
  const own = sizes.kind === 'ratio' ? sizes : undefined;
  const named = Object.entries(classes ?? {}).map(([name, square]) => ({ name, square }));
  const rule: SizeRule = {
    kind: 'ratio',
    ratios: ratios ?? own?.ratios ?? [],
    classes:
      classes === undefined
        ? (own?.classes ?? [])
        : named.toSorted((one, other) => one.square - other.square),
  };
  const missing = rule.ratios.length === 0 ? 'ratios' : rule.classes.length === 0 ? 'classes' : '';
  if (missing !== '') {
    problems.push({
      column: `${path}.sizes`,
      message: `A model of ratios and classes needs its ${missing}`,
      remedy: 'Write both: { ratios: ["1:1", "16:9"], classes: { 1k: 1024 } }.',
    });
  }
  return rule;
}

function correctBatch(
  batch: BatchLaneFacts | undefined,
  wanted: ModelOverride['batch'],
): BatchLaneFacts | undefined {
  if (wanted === undefined) return batch;
  if (wanted === false) return undefined;
  const { typicalSeconds, longestSeconds, cancelSeconds, ...figures } = wanted;
  const inMs = (seconds: number | undefined) =>
    seconds === undefined ? undefined : Math.round(seconds * SECOND);
  return {
    ...(batch ?? USUAL_BATCH),
    ...given({
      ...figures,
      typicalMs: inMs(typicalSeconds),
      longestMs: inMs(longestSeconds),
      cancelMs: inMs(cancelSeconds),
    }),
    source: CONFIG_SOURCE,
  };
}

function correctRefusalCost(
  cost: Model['refusalCost'],
  { refusalCost, source }: ModelOverride,
): Model['refusalCost'] {
  if (refusalCost === undefined) return cost;
  return { ...cost, ...given(refusalCost), source: source ?? CONFIG_SOURCE };
}
