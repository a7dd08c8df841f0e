import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';
import type { Amount, PlannedRequest } from '../core/plan.ts';
import { addAmounts, NOTHING, worstAmount } from './amounts.ts';
import { fitRow, type FitContext } from './fit-row.ts';
import { priceRequests } from './price-requests.ts';
import type { RowWish } from './row-wish.ts';

/**
 * What a plan can cost more when the run itself decides who takes turns (`rotateEvery: auto`): each row
 * may come to the dearest of the models that can make it.
 */
export class RotationReserve {
  readonly #others: readonly Model[];
  readonly #context: FitContext & { readonly catalog: Catalog };
  #amount: Amount = NOTHING;

  /** `models` that take turns; an empty list reserves nothing. */
  constructor(models: readonly Model[], context: FitContext & { readonly catalog: Catalog }) {
    this.#others = models;
    this.#context = context;
  }

  get amount(): Amount {
    return this.#amount;
  }

  /** A row that takes turns, planned on `model` at the price of `requests`. */
  add(wish: RowWish, model: Model, requests: readonly PlannedRequest[]): void {
    const planned = worstAmount(requests);
    let more: Amount = NOTHING;
    for (const other of this.#others) {
      if (other === model) continue;
      const fitted = fitRow(wish, other, this.#context);
      if (fitted.problems.length > 0) continue;
      const amount = worstAmount(
        priceRequests(wish, fitted.promptBytes, other, this.#context.catalog),
      );
      more = {
        creditMicros: Math.max(more.creditMicros, amount.creditMicros - planned.creditMicros),
        usdMicros:
          amount.usdMicros === undefined || more.usdMicros === undefined
            ? undefined
            : Math.max(more.usdMicros, amount.usdMicros - (planned.usdMicros ?? 0)),
      };
    }
    this.#amount = addAmounts(this.#amount, more);
  }
}
