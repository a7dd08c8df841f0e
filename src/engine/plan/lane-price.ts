import type { Model } from '../core/model.ts';
import type { Amount, PlannedRequest, RequestPrice } from '../core/plan.ts';

/** The price of a request on the model's batch lane, from its live one. Dollars round up. */
export function batchPrice(live: RequestPrice, priceShare: number): RequestPrice {
  const share = (micros: number | undefined) =>
    micros === undefined ? undefined : Math.ceil(micros * priceShare);
  return {
    creditMicrosPerImage: Math.round(live.creditMicrosPerImage * priceShare),
    worstUsdMicros: share(live.worstUsdMicros),
    expectedUsdMicros: share(live.expectedUsdMicros),
  };
}

/** A live request as it begins on the batch lane, with its live price kept for later. */
export function onBatchLane(request: PlannedRequest, priceShare: number): PlannedRequest {
  const { firstIndex, count, ...live } = request;
  return { firstIndex, count, ...batchPrice(live, priceShare), live };
}

/** What a request is expected to cost live, and by batch where the model has that lane. */
export function lanePrices(
  request: PlannedRequest,
  model: Model,
): { readonly live: Amount; readonly batch: Amount } {
  const live = request.live ?? request;
  const batch = model.batch === undefined ? live : batchPrice(live, model.batch.priceShare);
  return { live: amountOf(live, request.count), batch: amountOf(batch, request.count) };
}

function amountOf(price: RequestPrice, images: number): Amount {
  return {
    creditMicros: images * price.creditMicrosPerImage,
    usdMicros: price.expectedUsdMicros,
  };
}
