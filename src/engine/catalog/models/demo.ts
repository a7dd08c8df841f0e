/** The painter inside this program: costs nothing, needs no key. */
import type { Model } from '../../core/model.ts';
import { ACTIVE, CATALOG_DATE, MEGABYTE, sameForAll, SECOND, SQUARE } from './figures.ts';

const OWN_SOURCE = 'painted in this process';

const demo: Model = {
  id: 'demo',
  title: 'Demo painter',
  vendor: 'demo',
  aliases: [],
  lifecycle: ACTIVE,
  batchMaximum: 50,
  imagesPerRequest: 1,
  inAuto: false,
  sizes: {
    kind: 'free',
    multipleOf: 1,
    longestRatio: 32,
    largest: { width: 2048, height: 2048 },
    smallest: { width: 64, height: 64 },
  },
  promptCharacters: 32_000,
  negativePrompt: 'yes',
  seed: true,
  formats: ['png'],
  references: {
    count: 4,
    bytes: 50 * MEGABYTE,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  },
  prices: {
    creditMicros: 0,
    creditSource: 'ours',
    usd: [{ size: SQUARE, usdMicros: 0 }],
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: OWN_SOURCE,
    date: CATALOG_DATE,
  },
  refusalCost: { input: 'nothing', output: 'nothing', source: OWN_SOURCE },
  limits: [],
  tiers: {},
  longestCallMs: sameForAll(60 * SECOND),
  // Two pictures for each core at a time (`vendors/registry.ts`), on a machine of two cores.
  typicalCallMs: sameForAll(500),
  source: OWN_SOURCE,
};

export const demoModels: readonly Model[] = [demo];
