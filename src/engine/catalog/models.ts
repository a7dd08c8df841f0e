/**
 * The models that ship with Imagemill, as data. Every figure has a source; what is reported by third
 * parties only, or set by us, says so. A config file corrects any of it (`overrides.ts`).
 *
 * Credits: the guide's price list is 120 credits for 50 images of GPT-Image, 95 of FLUX Kontext and 70
 * of Gemini Flash, for 1024x1024 at medium quality. Other models' credits are ours, in proportion to
 * the vendor's dollars (FLUX Kontext: 1.9 credits for $0.04).
 */
import type { LimitRule } from '../core/limit.ts';
import type { Model } from '../core/model.ts';
import type { Quality } from '../core/quality.ts';

/** Date of the figures below. */
export const CATALOG_DATE = '2026-11-22';

const ACTIVE = { state: 'active' } as const;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MEGABYTE = 1024 * 1024;
const SQUARE = { width: 1024, height: 1024 };
const PORTRAIT = { width: 1024, height: 1536 };
const LANDSCAPE = { width: 1536, height: 1024 };

const OPENAI_SOURCE = 'OpenAI API reference and gpt-image-2 model page, as quoted in November 2026';
const BFL_SOURCE = 'Black Forest Labs OpenAPI file of 2026-05-01 and API documentation';
const KLING_SOURCE = 'Kling API documentation, image generation, November 2026';

function sameForAll(milliseconds: number): Readonly<Record<Quality, number>> {
  return { low: milliseconds, medium: milliseconds, high: milliseconds };
}

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
    usd: [{ size: SQUARE, quality: 'medium', usdMicros: 0 }],
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: 'painted in this process',
    date: CATALOG_DATE,
  },
  limits: [],
  tiers: {},
  longestCallMs: sameForAll(60 * SECOND),
  // Two pictures for each core at a time (`vendors/registry.ts`), on a machine of two cores.
  typicalCallMs: sameForAll(500),
  source: 'painted in this process',
};

/** The model page's images a minute by tier, quoted by third parties. */
const OPENAI_TIERS = {
  'tier-1': { 'images-per-minute': 5 },
  'tier-2': { 'images-per-minute': 20 },
  'tier-3': { 'images-per-minute': 50 },
  'tier-4': { 'images-per-minute': 150 },
  'tier-5': { 'images-per-minute': 250 },
};

const gptImage2: Model = {
  id: 'gpt-image-2',
  title: 'GPT-Image 2.0',
  vendor: 'openai',
  aliases: ['gpt-image-2.0', 'gpt-image-2-2026-04-21', 'gpt-image', 'gpt image 2.0', 'openai'],
  lifecycle: ACTIVE,
  batchMaximum: 50,
  imagesPerRequest: 10,
  guideSide: 1024,
  inAuto: true,
  sizes: {
    kind: 'free',
    multipleOf: 16,
    longestRatio: 3,
    largest: { width: 3840, height: 2160 },
    // The floor of 655,360 pixels is reported by third parties; a smaller picture is scaled down.
    smallest: { width: 1280, height: 512 },
  },
  promptCharacters: 32_000,
  negativePrompt: 'no',
  seed: false,
  formats: ['png', 'jpeg', 'webp'],
  references: {
    count: 16,
    bytes: 50 * MEGABYTE,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  },
  prices: {
    creditMicros: 2_400_000,
    creditSource: 'guide',
    usd: [
      { size: SQUARE, quality: 'low', usdMicros: 6_000 },
      { size: SQUARE, quality: 'medium', usdMicros: 53_000 },
      { size: SQUARE, quality: 'high', usdMicros: 211_000 },
      { size: PORTRAIT, quality: 'low', usdMicros: 5_000 },
      { size: PORTRAIT, quality: 'medium', usdMicros: 41_000 },
      { size: PORTRAIT, quality: 'high', usdMicros: 165_000 },
      { size: LANDSCAPE, quality: 'low', usdMicros: 5_000 },
      { size: LANDSCAPE, quality: 'medium', usdMicros: 41_000 },
      { size: LANDSCAPE, quality: 'high', usdMicros: 165_000 },
    ],
    flat: false,
    // $5 per million text tokens.
    usdMicrosPerPromptByte: 5,
    // $8 per million picture tokens; 7,000 tokens are our bound for one picture at high fidelity.
    usdMicrosPerReference: 56_000,
    source: 'price page of May 2026, quoted by third parties',
    date: '2026-05-01',
  },
  limits: [
    {
      kind: 'window',
      name: 'images-per-minute',
      unit: 'images',
      max: undefined,
      windowMs: MINUTE,
      source: OPENAI_SOURCE,
    },
    {
      kind: 'window',
      name: 'requests-per-minute',
      unit: 'requests',
      max: undefined,
      windowMs: MINUTE,
      source: 'x-ratelimit-limit-requests header, seen by third parties',
    },
  ],
  tiers: OPENAI_TIERS,
  longestCallMs: { low: 5 * MINUTE, medium: 8 * MINUTE, high: 10 * MINUTE },
  typicalCallMs: { low: 15 * SECOND, medium: 30 * SECOND, high: 60 * SECOND },
  source: OPENAI_SOURCE,
};

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
    // Not established by the vendor's documents; reported as 20 MB.
    bytes: 20 * MEGABYTE,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  },
  prices: {
    creditMicros: 1_900_000,
    creditSource: 'guide',
    usd: [{ size: SQUARE, quality: 'medium', usdMicros: 40_000 }],
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: BFL_SOURCE,
    date: '2026-02-01',
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
    usd: [{ size: SQUARE, quality: 'medium', usdMicros: 80_000 }],
  },
  limits: [activeTasks(6)],
};

const klingV3: Model = {
  id: 'kling-v3',
  title: 'Kling 3.0',
  vendor: 'kling',
  aliases: ['kling', 'kling-3.0', 'kling-3', 'kling 3.0'],
  lifecycle: ACTIVE,
  batchMaximum: 10,
  imagesPerRequest: 9,
  inAuto: false,
  sizes: {
    kind: 'ratio',
    ratios: ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'],
    classes: [
      { name: '1k', square: 1024 },
      { name: '2k', square: 2048 },
    ],
  },
  promptCharacters: 2_500,
  negativePrompt: 'without-references',
  seed: false,
  formats: [],
  references: { count: 1, bytes: 10 * MEGABYTE, mediaTypes: ['image/png', 'image/jpeg'] },
  prices: {
    creditMicros: 1_330_000,
    creditSource: 'ours',
    usd: [{ size: SQUARE, quality: 'medium', usdMicros: 28_000 }],
    // 1k and 2k cost the same.
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: KLING_SOURCE,
    date: CATALOG_DATE,
  },
  limits: [
    // How many an account has depends on its resource pack and is published nowhere.
    {
      kind: 'slots',
      name: 'parallel-images',
      unit: 'images',
      max: undefined,
      source: KLING_SOURCE,
    },
  ],
  tiers: {},
  longestCallMs: sameForAll(10 * MINUTE),
  typicalCallMs: sameForAll(20 * SECOND),
  source: KLING_SOURCE,
};

export const MODELS: readonly Model[] = [demo, gptImage2, fluxKontextPro, fluxKontextMax, klingV3];
