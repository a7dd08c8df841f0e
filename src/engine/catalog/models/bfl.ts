/** Black Forest Labs' FLUX Kontext. The vendor itself calls it legacy and points to FLUX.2. */
import type { LimitRule } from '../../core/limit.ts';
import type { Model } from '../../core/model.ts';
import { ACTIVE, MEGABYTE, MINUTE, sameForAll, SECOND, SQUARE } from './figures.ts';

const BFL_SOURCE = 'Black Forest Labs OpenAPI file of 2026-05-01 and API documentation';

/** The vendor takes any ratio in a range: all in whole numbers up to 21, the usual ones among them. */
function ratiosBetween(narrowest: number, widest: number): string[] {
  const ratios = new Map<number, string>();
  for (let across = 1; across <= 21; across += 1) {
    for (let down = 1; down <= 21; down += 1) {
      const ratio = across / down;
      const isNew = ratio >= narrowest && ratio <= widest && !ratios.has(ratio);
      if (isNew) ratios.set(ratio, `${across}:${down}`);
    }
  }
  return [...ratios.values()];
}

/** BFL answers 429 above this many active tasks of an account. */
function activeTasks(max: number): LimitRule {
  return { kind: 'slots', name: 'active-tasks', unit: 'requests', max, source: BFL_SOURCE };
}

const fluxKontextPro: Model = {
  id: 'flux-kontext-pro',
  title: 'FLUX Kontext Pro',
  vendor: 'bfl',
  aliases: ['flux-kontext', 'flux kontext', 'flux', 'bfl'],
  lifecycle: ACTIVE,
  batchMaximum: 30,
  imagesPerRequest: 1,
  guideSide: 768,
  inAuto: true,
  sizes: {
    kind: 'ratio',
    ratios: ratiosBetween(9 / 21, 21 / 9),
    // About one megapixel at every ratio.
    classes: [{ name: '1mp', square: 1024 }],
  },
  // No maximum is documented; this bound is ours.
  promptCharacters: 32_000,
  negativePrompt: 'no',
  seed: true,
  formats: ['png', 'jpeg', 'webp'],
  references: {
    count: 4,
    // The vendor documents no bound. Under 2 MB is known to be taken; the model works in one megapixel,
    // and what is sent above four is lost anyway.
    bytes: 2 * MEGABYTE,
    pixels: 2048 * 2048,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  },
  prices: {
    creditMicros: 1_900_000,
    creditSource: 'guide',
    usd: [{ size: SQUARE, usdMicros: 40_000 }],
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: BFL_SOURCE,
    date: '2026-02-01',
  },
  refusalCost: {
    // The price comes with the answer to the submission, before anything is judged.
    input: 'unknown',
    output: 'unknown',
    source: 'not established: the documents of November 2026 say nothing of it',
  },
  limits: [activeTasks(24)],
  tiers: {},
  longestCallMs: sameForAll(5 * MINUTE),
  typicalCallMs: sameForAll(10 * SECOND),
  source: BFL_SOURCE,
};

const { guideSide: _notInTheGuide, ...fluxKontext } = fluxKontextPro;

const fluxKontextMax: Model = {
  ...fluxKontext,
  id: 'flux-kontext-max',
  title: 'FLUX Kontext Max',
  aliases: ['flux kontext max', 'flux-max'],
  inAuto: false,
  prices: {
    ...fluxKontextPro.prices,
    creditMicros: 3_800_000,
    creditSource: 'ours',
    usd: [{ size: SQUARE, usdMicros: 80_000 }],
  },
  limits: [activeTasks(6)],
};

export const bflModels: readonly Model[] = [fluxKontextPro, fluxKontextMax];
