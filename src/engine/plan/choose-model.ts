import type { Catalog } from '../core/catalog.ts';
import { formatMicros } from '../core/credits.ts';
import type { Model } from '../core/model.ts';
import type { Quality } from '../core/quality.ts';
import { formatSize, type Size } from '../core/size.ts';

export interface Choice {
  /** Absent: no candidate can make the size. */
  readonly model?: Model;
  /** The rule as it worked out for this size: prices, ties and exclusions. */
  readonly explanation: string;
}

/**
 * The guide's decision rule: of `candidates`, the model with the lowest credits an image that meets
 * `size`. By the guide's table a model meets a size when it has no more pixels than the square of the
 * model's guide side; what counts is its price for 1024x1024. Only when no candidate meets the size by
 * the table are all that can make it compared, at their own price for that size and quality. A tie goes
 * to the higher guide side, then to the first id in the alphabet.
 */
export function chooseModel(
  size: Size,
  quality: Quality,
  candidates: readonly Model[],
  catalog: Pick<Catalog, 'fitSize' | 'imagePrice'>,
): Choice {
  const makers = candidates.filter((model) => catalog.fitSize(model, size).ok);
  const byTable = makers.filter((model) => meetsByTable(model, size));
  const guidePrice = (model: Model) => model.prices.creditMicros;
  const ownPrice = (model: Model) => catalog.imagePrice(model, size, quality).creditMicros;
  const [pool, priceOf, rule] =
    byTable.length > 0
      ? ([
          byTable,
          guidePrice,
          'the lowest credits at 1024x1024 of the models that meet this size',
        ] as const)
      : ([makers, ownPrice, 'no guide size reaches it; the lowest own price for it'] as const);

  const order = pool.toSorted((one, other) => compareModels(one, other, priceOf));
  const [best] = order;
  const leftOut = candidates
    .filter((model) => !pool.includes(model))
    .map((model) => `${model.title} (${reasonOf(model, makers)})`);
  const place = `auto, ${formatSize(size)}`;
  const exclusions = leftOut.length === 0 ? '' : `; left out: ${leftOut.join(', ')}`;
  if (!best) return { explanation: `${place}: no available model can make it${exclusions}` };

  const priced = (model: Model) => `${model.title} (${formatMicros(priceOf(model), 4)} credits)`;
  const tied = order.slice(1).filter((model) => priceOf(model) === priceOf(best));
  const dearer = order.slice(1).filter((model) => priceOf(model) !== priceOf(best));
  const parts = [
    `${place}: ${priced(best)}, ${rule}`,
    ...(tied.length === 0 ? [] : [`tie with ${titles(tied)}: ${tieBreak(best, tied)}`]),
    ...(dearer.length === 0 ? [] : [`dearer: ${dearer.map(priced).join(', ')}`]),
  ];
  return { model: best, explanation: `${parts.join('; ')}${exclusions}` };
}

function meetsByTable(model: Model, size: Size): boolean {
  return model.guideSide !== undefined && size.width * size.height <= model.guideSide ** 2;
}

function compareModels(one: Model, other: Model, priceOf: (model: Model) => number): number {
  return (
    priceOf(one) - priceOf(other) ||
    (other.guideSide ?? 0) - (one.guideSide ?? 0) ||
    (one.id < other.id ? -1 : 1)
  );
}

function reasonOf(model: Model, makers: readonly Model[]): string {
  if (!makers.includes(model)) return 'cannot make it';
  return model.guideSide === undefined ? 'not in the table' : `guide size ${model.guideSide}`;
}

function tieBreak(best: Model, tied: readonly Model[]): string {
  const isHigher = tied.every((model) => (model.guideSide ?? 0) < (best.guideSide ?? 0));
  return isHigher ? 'the higher guide size wins' : 'the first name wins';
}

function titles(models: readonly Model[]): string {
  return models.map((model) => model.title).join(', ');
}
