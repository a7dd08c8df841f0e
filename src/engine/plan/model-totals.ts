import { shareOut } from '../core/credits.ts';
import type { Model } from '../core/model.ts';
import type { Amount, ModelPlan, PlannedRequest } from '../core/plan.ts';
import { addAmounts, addUsd, NOTHING } from './amounts.ts';
import { lanePrices } from './lane-price.ts';

/** Sums up requests of one model while a sheet streams by. */
export class ModelTotals {
  readonly model: Model;
  /** Requests of one row each, as they are held and settled. */
  requests = 0;
  items = 0;
  amount: Amount = NOTHING;
  worstUsdMicros: number | undefined = 0;
  /** If everything went live, and by batch where the model has that lane. */
  live: Amount = NOTHING;
  byBatch: Amount = NOTHING;
  liveWorstUsdMicros: number | undefined = 0;
  batchRequests = 0;
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
      const { live, batch: byBatch } = lanePrices(request, this.model);
      this.live = addAmounts(this.live, live);
      this.byBatch = addAmounts(this.byBatch, byBatch);
      const atWorst = (request.live ?? request).worstUsdMicros;
      this.liveWorstUsdMicros = addUsd(this.liveWorstUsdMicros, atWorst);
      if (request.live !== undefined) this.batchRequests += 1;
    }
  }

  /** Calls by how many images they carry; of many prompts in one call as even as can be. */
  requestSizes(): Readonly<Record<number, number>> {
    const calls = this.calls();
    if (calls < this.requests) {
      const sizes = Object.groupBy(shareOut(this.items, calls), (size) => size);
      return Object.fromEntries(
        Object.entries(sizes).map(([size, same]) => [size, same?.length ?? 0]),
      );
    }
    return Object.fromEntries([...this.#requestSizes].toSorted(([one], [other]) => one - other));
  }

  /** Requests of several rows travel in one call where the vendor takes many prompts. */
  calls(): number {
    return Math.ceil(this.requests / (this.model.promptsPerRequest ?? 1));
  }

  plan(): ModelPlan {
    const { model, items, amount, live } = this;
    return {
      model: model.id,
      vendor: model.vendor,
      batches: this.#batches,
      requests: this.calls(),
      items,
      amount,
      live,
      requestSizes: this.requestSizes(),
      batchRequests: this.batchRequests,
    };
  }
}
