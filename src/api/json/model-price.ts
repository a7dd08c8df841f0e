/** What an image of a model costs, in each of its lanes. */
import type { Catalog } from '../../engine/core/catalog.ts';
import type { Model } from '../../engine/core/model.ts';
import type { RunSettings } from '../../engine/core/settings.ts';

export type Wanted = Pick<RunSettings, 'size' | 'quality'>;

/** What an image of the wanted size and quality costs; `undefined`: the model cannot make it. */
export interface ModelPrice {
  readonly creditMicros: number;
  /** `undefined`: nobody knows. */
  readonly usdMicros: number | undefined;
  /** In the batch lane, where the model has one. */
  readonly batch?: { readonly creditMicros: number; readonly usdMicros: number | undefined };
}

export function priceOf(
  catalog: Catalog,
  model: Model,
  { size, quality }: Wanted,
): ModelPrice | undefined {
  if (!catalog.fitSize(model, size).ok) return undefined;
  const { creditMicros, usdMicros } = catalog.imagePrice(model, size, quality);
  if (model.batch === undefined) return { creditMicros, usdMicros };
  const { priceShare } = model.batch;
  return {
    creditMicros,
    usdMicros,
    batch: {
      creditMicros: Math.round(creditMicros * priceShare),
      usdMicros: usdMicros === undefined ? undefined : Math.round(usdMicros * priceShare),
    },
  };
}
