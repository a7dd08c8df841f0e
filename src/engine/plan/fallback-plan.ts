import type { Catalog } from '../core/catalog.ts';
import { InputError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { Amount, PlannedRequest } from '../core/plan.ts';
import { addAmounts, NOTHING, worstAmount } from './amounts.ts';
import { fitRow, type FitContext } from './fit-row.ts';
import { lookUpModel, type ModelAccess } from './look-up-model.ts';
import { priceRequests } from './price-requests.ts';
import type { RowProblem } from './row-problem.ts';
import type { RowWish } from './row-wish.ts';

/**
 * The fallback of a run (`--fallback MODEL`) as far as it is known before anything is sent: which rows
 * it can make, and what the plan costs at worst when it makes them all.
 */
export class FallbackPlan {
  readonly #model: Model | undefined;
  readonly #context: FitContext & { readonly catalog: Catalog };
  #rows = 0;
  #amount: Amount = NOTHING;

  /** @throws InputError when the model cannot be used */
  constructor(
    name: string | undefined,
    access: ModelAccess,
    context: FitContext & { readonly catalog: Catalog },
  ) {
    this.#context = context;
    this.#model = name === undefined ? undefined : usable(name, access);
  }

  /** On top of what the plan costs at worst without it. */
  get amount(): Amount {
    return this.#amount;
  }

  /** Why the fallback could not make a row of `model`; nothing where it can, or has no part in it. */
  problemOf(wish: RowWish, model: Model): RowProblem | undefined {
    const fallback = this.#model;
    if (fallback === undefined || fallback.id === model.id) return undefined;
    const [problem] = fitRow(wish, fallback, this.#context).problems;
    return problem && toldOf(problem, fallback);
  }

  /** A row that is planned on `model` with `requests`. */
  add(wish: RowWish, model: Model, requests: readonly PlannedRequest[]): void {
    const fallback = this.#model;
    if (fallback === undefined || fallback.id === model.id) return;
    const fitted = fitRow(wish, fallback, this.#context);
    if (fitted.problems.length > 0) return;
    this.#rows += 1;
    const again = priceRequests(wish, fitted.promptBytes, fallback, this.#context.catalog);
    this.#amount = addAmounts(this.#amount, moreThan(requests, again));
  }

  explanations(): string[] {
    if (this.#model === undefined) return [];
    const rows = `${this.#rows} ${this.#rows === 1 ? 'row' : 'rows'}`;
    return [
      `${this.#model.id} makes what is refused or certainly not made, once each (it can make ${rows}); the most that can be paid has it in`,
    ];
  }
}

/** Credits are paid for one of the two pictures only; both vendors may bill theirs. */
function moreThan(own: readonly PlannedRequest[], again: readonly PlannedRequest[]): Amount {
  const [ours, others] = [worstAmount(own), worstAmount(again)];
  return {
    creditMicros: Math.max(0, others.creditMicros - ours.creditMicros),
    usdMicros: others.usdMicros,
  };
}

function usable(name: string, access: ModelAccess): Model {
  const found = lookUpModel(access, name, 'fallback');
  if ('id' in found) return found;
  const { column: _ofNoSheet, ...problem } = found;
  throw new InputError([{ ...problem, message: `--fallback: ${problem.message}` }]);
}

function toldOf(
  { message, remedy: _ofTheRow, ...place }: RowProblem,
  { title }: Model,
): RowProblem {
  return {
    ...place,
    message: `The fallback ${title} cannot make this row: ${message}`,
    remedy: 'Choose another --fallback, or leave it out.',
  };
}
