/**
 * Google's Gemini image models. The guide's "Gemini 3.1 Flash" is deprecated; its row of the guide's
 * table belongs to the successor, which makes every size that the row speaks of for less money, so that
 * `auto` takes the successor and never sends to a model that may end any day. By name both can be had.
 */
import type { LimitRule } from '../../core/limit.ts';
import type { BatchLaneFacts, Model, PriceEntry } from '../../core/model.ts';
import { retiredModel } from '../retired-model.ts';
import {
  ACTIVE,
  CATALOG_DATE,
  HOUR,
  MEGABYTE,
  MINUTE,
  sameForAll,
  SECOND,
  squareOf,
} from './figures.ts';

const GEMINI_SOURCE = 'Gemini API documentation and change log, November 2026';
const DEPRECATIONS = 'Gemini API deprecations page, as quoted in November 2026';

const LIMITS: readonly LimitRule[] = [
  {
    kind: 'window',
    name: 'requests-per-minute',
    unit: 'requests',
    max: undefined,
    windowMs: MINUTE,
    source: GEMINI_SOURCE,
  },
  {
    // The vendor's day ends at midnight Pacific time; a rolling day is never more than it lets through.
    kind: 'window',
    name: 'requests-per-day',
    unit: 'requests',
    max: undefined,
    windowMs: 24 * HOUR,
    source: GEMINI_SOURCE,
  },
];

const batch: BatchLaneFacts = {
  priceShare: 0.5,
  mostRequests: 500,
  // An input file may have 2 GB; of the results nothing is documented, and this bound is ours.
  mostResultBytes: 1_536 * MEGABYTE,
  // A photograph as PNG takes about two of its three bytes a pixel, and base64 a third more.
  resultBytesPerPixel: 3,
  // Our assumption: the vendor aims at 24 hours and is usually sooner.
  typicalMs: 6 * HOUR,
  // A job that waits or runs for 48 hours expires.
  longestMs: 48 * HOUR,
  cancelMs: 10 * MINUTE,
  limits: [],
  source: 'Gemini Batch API documentation; size of the results by our estimate',
  date: CATALOG_DATE,
};

const REFUSAL_COST = {
  input: 'prompt',
  output: 'prompt',
  source: 'tokens that were read are billed (usageMetadata); of the picture nothing is documented',
} as const;

function priceOfClass(side: number, usdMicros: number): PriceEntry {
  return { size: squareOf(side), usdMicros };
}

/**
 * The models think before they paint, and it cannot be turned off. 700 to 900 tokens are reported; our
 * bound is 2,000. At these dollars for a million tokens, that is micro-dollars for one.
 */
function thoughtsAt(usdPerMillionTokens: number) {
  return {
    expected: Math.round(900 * usdPerMillionTokens),
    worst: Math.round(2_000 * usdPerMillionTokens),
  };
}

const nanoBanana21: Model = {
  id: 'gemini-nano-banana-2.1',
  title: 'Gemini Nano Banana 2.1',
  vendor: 'gemini',
  aliases: ['nano-banana-2.1', 'nano banana 2.1', 'nano-banana', 'gemini', 'google'],
  lifecycle: ACTIVE,
  batchMaximum: 40,
  imagesPerRequest: 1,
  guideSide: 512,
  inAuto: true,
  sizes: {
    kind: 'ratio',
    ratios: [
      '1:1',
      '2:3',
      '3:2',
      '3:4',
      '4:3',
      '4:5',
      '5:4',
      '9:16',
      '16:9',
      '21:9',
      '1:4',
      '4:1',
      // Taken as well are 1:8 and 8:1, whose pictures (352x2928) are 4 % off the ratio: never delivered.
    ],
    // `512` is answered with 400: a smaller picture is made as 1K and scaled down.
    classes: [
      { name: '1K', square: 1024 },
      { name: '2K', square: 2048 },
      { name: '4K', square: 4096 },
    ],
  },
  // The vendor counts tokens, 32,768 of input at least; a character is a token at most, mostly.
  promptCharacters: 32_000,
  negativePrompt: 'no',
  // Accepted, and not promised to repeat a picture.
  seed: true,
  formats: [],
  references: {
    count: 14,
    // In the request itself; larger ones would have to be uploaded first.
    bytes: 7 * MEGABYTE,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  },
  prices: {
    creditMicros: 1_400_000,
    creditSource: 'guide',
    // $30 per million picture tokens: 1,120 tokens for 1K and, from the price of 4K, 3,780 for that.
    usd: [priceOfClass(1024, 33_600), priceOfClass(2048, 50_400), priceOfClass(4096, 113_400)],
    flat: false,
    // $1.50 per million text tokens, rounded up.
    usdMicrosPerPromptByte: 2,
    // 1,120 tokens for each; third parties saw $0.002 to $0.004.
    usdMicrosPerReference: 4_000,
    usdMicrosOfThoughts: thoughtsAt(7.5),
    source: 'price of October 2026, quoted by third parties; 2K by the tokens of the model before',
    date: '2026-10-18',
  },
  batch,
  refusalCost: REFUSAL_COST,
  limits: LIMITS,
  // Figures are shown to each account only (AI Studio), by tier and model; they are learned.
  tiers: {},
  longestCallMs: sameForAll(5 * MINUTE),
  typicalCallMs: sameForAll(20 * SECOND),
  source: GEMINI_SOURCE,
};

const { guideSide: _ofTheSuccessor, ...shared } = nanoBanana21;

const flashImage31: Model = {
  ...shared,
  id: 'gemini-3.1-flash-image',
  title: 'Gemini 3.1 Flash Image',
  aliases: [
    'gemini-3.1-flash',
    'gemini 3.1 flash',
    'gemini-flash',
    'gemini flash',
    'nano-banana-2',
    'nano banana 2',
  ],
  lifecycle: {
    state: 'deprecated',
    since: '2026-10-06',
    replacement: nanoBanana21.id,
  },
  inAuto: false,
  sizes: {
    kind: 'ratio',
    ratios: nanoBanana21.sizes.kind === 'ratio' ? nanoBanana21.sizes.ratios : [],
    classes: [
      { name: '512', square: 512 },
      { name: '1K', square: 1024 },
      { name: '2K', square: 2048 },
      { name: '4K', square: 4096 },
    ],
  },
  prices: {
    creditMicros: 1_400_000,
    creditSource: 'guide',
    // $60 per million picture tokens: 747, 1,120, 1,680 and 2,520 of them.
    usd: [
      priceOfClass(512, 45_000),
      priceOfClass(1024, 67_000),
      priceOfClass(2048, 101_000),
      priceOfClass(4096, 151_000),
    ],
    flat: false,
    // $0.50 per million text tokens, rounded up.
    usdMicrosPerPromptByte: 1,
    // A third of the successor's bound, as the price of input is.
    usdMicrosPerReference: 1_400,
    usdMicrosOfThoughts: thoughtsAt(3),
    source: 'price page of March 2026, quoted by third parties',
    date: '2026-03-24',
  },
};

export const geminiModels: readonly Model[] = [
  nanoBanana21,
  flashImage31,
  retiredModel(nanoBanana21, {
    id: 'gemini-3.1-flash-image-preview',
    title: 'Gemini 3.1 Flash Image (preview)',
    since: '2026-06-25',
    source: DEPRECATIONS,
  }),
  retiredModel(nanoBanana21, {
    id: 'gemini-2.5-flash-image',
    title: 'Gemini 2.5 Flash Image',
    aliases: ['nano-banana-1'],
    since: '2026-10-02',
    source: DEPRECATIONS,
  }),
];
