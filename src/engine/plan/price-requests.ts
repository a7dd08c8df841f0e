import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';
import type { PlannedRequest } from '../core/plan.ts';
import type { RowWish } from './row-wish.ts';
import { splitRequests } from './split-requests.ts';

/** A row's requests on `model`, each with its price. */
export function priceRequests(
  wish: RowWish,
  promptBytes: number,
  model: Model,
  catalog: Pick<Catalog, 'imagePrice' | 'requestUsd'>,
): PlannedRequest[] {
  const { size, quality } = wish;
  const { creditMicros } = catalog.imagePrice(model, size, quality);
  return splitRequests(wish.count, model.imagesPerRequest).map(({ firstIndex, count }) => {
    const references = wish.references.length;
    const usd = catalog.requestUsd(model, { size, quality, count, promptBytes, references });
    return {
      firstIndex,
      count,
      creditMicrosPerImage: creditMicros,
      worstUsdMicros: usd.worstMicros,
      expectedUsdMicros: usd.expectedMicros,
    };
  });
}
