import { toMicros } from '../core/credits.ts';
import type { Model, PriceEntry } from '../core/model.ts';
import { SQUARE } from './models/figures.ts';
import { CONFIG_SOURCE } from './new-model.ts';
import type { ModelOverride } from './overrides-schema.ts';

/** The model's prices with the file's figures; one figure stands for every size and quality. */
export function correctPrices(prices: Model['prices'], override: ModelOverride): Model['prices'] {
  const {
    credits,
    usd,
    usdPerMillionPromptTokens: tokens,
    usdPerReference,
    usdOfThoughts: thoughts,
  } = override;
  const isTouched = [credits, usd, tokens, usdPerReference, thoughts].some(
    (each) => each !== undefined,
  );
  if (!isTouched) return prices;
  return {
    ...prices,
    ...(credits !== undefined && { creditMicros: toMicros(credits), creditSource: 'ours' }),
    ...(usd !== undefined && usdOf(usd)),
    // A token has at least one byte: dollars a million tokens are micro-dollars a byte at most.
    ...(tokens !== undefined && { usdMicrosPerPromptByte: tokens }),
    ...(usdPerReference !== undefined && { usdMicrosPerReference: toMicros(usdPerReference) }),
    ...(thoughts !== undefined && {
      usdMicrosOfThoughts: {
        expected: toMicros(thoughts.expected),
        worst: toMicros(thoughts.worst),
      },
    }),
    source: override.source ?? CONFIG_SOURCE,
    date: override.date ?? prices.date,
  };
}

function usdOf(usd: NonNullable<ModelOverride['usd']>): Pick<Model['prices'], 'usd' | 'flat'> {
  if (usd === 'unknown') return { usd, flat: false };
  if (typeof usd === 'number') {
    return { usd: [{ size: SQUARE, usdMicros: toMicros(usd) }], flat: true };
  }
  return { usd: usd.map(entryOf), flat: false };
}

function entryOf(
  entry: Exclude<NonNullable<ModelOverride['usd']>, number | 'unknown'>[number],
): PriceEntry {
  const { size, quality } = entry;
  return { size, usdMicros: toMicros(entry.usd), ...(quality !== undefined && { quality }) };
}
