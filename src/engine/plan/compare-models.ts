import type { Catalog } from '../core/catalog.ts';
import type { Alternative } from '../core/plan.ts';
import { fitRow, type FitContext } from './fit-row.ts';
import { ModelTotals } from './model-totals.ts';
import { priceRequests } from './price-requests.ts';
import type { RowWish } from './row-wish.ts';

export interface ModelComparison {
  add(wish: RowWish): void;
  /** Every model but the only one used, in the catalog's order; amounts are of the rows it can make. */
  alternatives(used: readonly string[], available: ReadonlySet<string>): Alternative[];
}

/** Prices each row on every vendor's model as it streams by: what the sheet would cost elsewhere. */
export function compareModels(
  catalog: Catalog,
  context: Omit<FitContext, 'catalog'>,
): ModelComparison {
  const rivals = catalog.all
    .filter((model) => model.vendor !== 'demo' && catalog.standing(model).kind !== 'problem')
    .map((model) => ({ model, totals: new ModelTotals(model), impossible: 0, reason: '' }));
  const fitContext = { ...context, catalog };
  return {
    add(wish) {
      for (const rival of rivals) {
        const fitted = fitRow(wish, rival.model, fitContext);
        const [problem] = fitted.problems;
        if (problem) {
          if (rival.impossible === 0) rival.reason = problem.message;
          rival.impossible += 1;
        } else {
          rival.totals.add(priceRequests(wish, fitted.promptBytes, rival.model, catalog));
        }
      }
    },
    alternatives: (used, available) =>
      rivals
        .filter(({ model }) => used.length > 1 || used[0] !== model.id)
        .map(({ model, totals, impossible, reason }) => ({
          model: model.id,
          vendor: model.vendor,
          ...(impossible === 0 ? {} : { excluded: excludedText(impossible, reason) }),
          available: available.has(model.id),
          requests: totals.calls(),
          requestSizes: totals.requestSizes(),
          amount: totals.amount,
        })),
  };
}

function excludedText(rows: number, reason: string): string {
  return rows === 1 ? reason : `${reason} (and ${rows - 1} more rows)`;
}
