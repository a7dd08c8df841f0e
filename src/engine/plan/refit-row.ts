import type { Amendment, AmendedRequest } from '../core/amendment.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';
import { plannedFacts } from './check-references.ts';
import { fitRow } from './fit-row.ts';
import type { RowProblem } from './row-problem.ts';
import type { RowWish } from './row-wish.ts';
import { splitRequests } from './split-requests.ts';

export interface RefitContext {
  readonly catalog: Catalog;
  readonly settings: Pick<RunSettings, 'negativeUnsupported' | 'seed'>;
  /** Who decides that another model makes the row. */
  readonly by: Amendment['by'];
}

/**
 * Images of a planned row as another model is asked for them, live, with that model's prices; or what
 * stands in the way. Pure.
 *
 * @param indexes of the row's images, counted from 1, in order
 */
export function refitRow(
  planned: PlannedRow,
  indexes: readonly number[],
  model: Model,
  { catalog, settings, by }: RefitContext,
): { readonly requests: AmendedRequest[] } | { readonly problems: readonly RowProblem[] } {
  const wish = wishOf(planned, indexes.length, settings.seed);
  const fitted = fitRow(wish, model, {
    catalog,
    negativeUnsupported: settings.negativeUnsupported,
    referenceFacts: plannedFacts(planned),
  });
  if (fitted.problems.length > 0) return { problems: fitted.problems };
  const { creditMicros } = catalog.imagePrice(model, wish.size, wish.quality);
  const amendment: Amendment = {
    model: model.id,
    vendor: model.vendor,
    prompt: fitted.prompt,
    ...(fitted.negativePrompt !== undefined && { negativePrompt: fitted.negativePrompt }),
    ...(fitted.seed !== undefined && { seed: fitted.seed }),
    without: [
      ...(fitted.negativePrompt === undefined ? (['negativePrompt'] as const) : []),
      ...(fitted.seed === undefined ? (['seed'] as const) : []),
    ],
    by,
  };
  const requests = splitRequests(indexes.length, model.imagesPerRequest).map(
    ({ firstIndex, count }): AmendedRequest => {
      const usd = catalog.requestUsd(model, {
        size: wish.size,
        quality: wish.quality,
        count,
        promptBytes: fitted.promptBytes,
        references: wish.references.length,
      });
      return {
        indexes: indexes.slice(firstIndex - 1, firstIndex - 1 + count),
        amendment,
        lane: model.id,
        creditMicrosPerImage: creditMicros,
        worstUsdMicros: usd.worstMicros,
        expectedUsdMicros: usd.expectedMicros,
      };
    },
  );
  return { requests };
}

/** What the row asked for, from its plan: a negative prompt that was appended stays in the prompt. */
function wishOf(planned: PlannedRow, count: number, runSeed: number | undefined): RowWish {
  const { prompt, negativePrompt, size, quality, references, row } = planned;
  return {
    prompt,
    negativePrompt,
    size,
    sizeColumn: undefined,
    quality,
    seed: planned.seed ?? row.seed ?? runSeed,
    count,
    references,
    referenceColumn: undefined,
    promptBytes: Buffer.byteLength(prompt),
    negativeBytes: negativePrompt === undefined ? 0 : Buffer.byteLength(negativePrompt),
  };
}
