import type { Model } from '../core/model.ts';
import { toMicros } from '../core/credits.ts';
import { ACTIVE, CATALOG_DATE, MINUTE, sameForAll, SECOND } from './models/figures.ts';
import type { ModelOverride } from './overrides-schema.ts';

/** What the config file says stands in its place. */
export const CONFIG_SOURCE = 'the config file';

/** FLUX Kontext's 1.9 credits for $0.04, as all prices in credits that are not the guide's. */
const CREDITS_PER_USD = 47.5;

/** A new model with the wire protocol and the abilities of `base`, under a name of its own. */
export function modelLike(base: Model, id: string): Model {
  const { guideSide: _ofTheOther, wireId: _itsName, ...shared } = base;
  return {
    ...shared,
    id,
    title: id,
    aliases: [],
    lifecycle: ACTIVE,
    inAuto: false,
    prices: { ...base.prices, creditSource: 'ours' },
    source: CONFIG_SOURCE,
  };
}

/**
 * A new model of `vendor` of which nothing is known but what the config file says: free sizes in steps
 * of 8 from 64x64 to 2048x2048, one image a request, no references, a price that nobody knows. Credits
 * follow the dollars where those are one figure, and are 0 otherwise.
 */
export function plainModel(id: string, vendor: string, { usd }: ModelOverride): Model {
  return {
    id,
    title: id,
    vendor,
    aliases: [],
    lifecycle: ACTIVE,
    batchMaximum: 50,
    imagesPerRequest: 1,
    inAuto: false,
    sizes: {
      kind: 'free',
      multipleOf: 8,
      longestRatio: 32,
      largest: { width: 2048, height: 2048 },
      smallest: { width: 64, height: 64 },
    },
    promptCharacters: 32_000,
    negativePrompt: 'no',
    seed: false,
    formats: [],
    references: { count: 0, bytes: 0, mediaTypes: ['image/png', 'image/jpeg', 'image/webp'] },
    prices: {
      creditMicros: typeof usd === 'number' ? toMicros(usd * CREDITS_PER_USD) : 0,
      creditSource: 'ours',
      usd: 'unknown',
      flat: false,
      usdMicrosPerPromptByte: 0,
      source: CONFIG_SOURCE,
      date: CATALOG_DATE,
    },
    refusalCost: { input: 'unknown', output: 'unknown', source: CONFIG_SOURCE },
    limits: [],
    tiers: {},
    longestCallMs: sameForAll(10 * MINUTE),
    typicalCallMs: sameForAll(30 * SECOND),
    source: CONFIG_SOURCE,
  };
}
