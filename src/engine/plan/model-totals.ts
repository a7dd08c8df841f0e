import type { Model } from '../core/model.ts';
import type { Amount, ModelPlan, PlannedRequest } from '../core/plan.ts';
import { addAmounts, addUsd, NOTHING } from './amounts.ts';

/** Sums up requests of one model while a sheet streams by. */
export class ModelTotals {
  readonly model: Model;
  requests = 0;
  items = 0;
  amount: Amount = NOTHING;
  worstUsdMicros: number | undefined = 0;
  /** Numbers of opened batches only ever grow, so that the last one tells a new one. */
  #lastBatch = 0;
  #batches = 0;
  readonly #requestSizes = new Map<number, number>();

  constructor(model: Model) {
    this.model = model;
  }

  add(requests: readonly PlannedRequest[], batch = this.#lastBatch): void {
    if (batch !== this.#lastBatch) this.#batches += 1;
    this.#lastBatch = batch;
    for (const request of requests) {
      this.requests += 1;
      this.items += request.count;
      this.#requestSizes.set(request.count, (this.#requestSizes.get(request.count) ?? 0) + 1);
      this.amount = addAmounts(this.amount, {
        creditMicros: request.count * request.creditMicrosPerImage,
        usdMicros: request.expectedUsdMicros,
      });
      this.worstUsdMicros = addUsd(this.worstUsdMicros, request.worstUsdMicros);
    }
  }

  requestSizes(): Readonly<Record<number, number>> {
    return Object.fromEntries([...this.#requestSizes].toSorted(([one], [other]) => one - other));
  }

  plan(): ModelPlan {
    const { model, requests, items, amount } = this;
    return {
      model: model.id,
      vendor: model.vendor,
      batches: this.#batches,
      requests,
      items,
      amount,
      requestSizes: this.requestSizes(),
    };
  }
}
