/** OpenAI's image models. */
import type { BatchLaneFacts, Model } from '../../core/model.ts';
import { retiredModel } from '../retired-model.ts';
import { ACTIVE, CATALOG_DATE, HOUR, MEGABYTE, MINUTE, SECOND, SQUARE } from './figures.ts';

const OPENAI_SOURCE = 'OpenAI API reference and gpt-image-2 model page, as quoted in November 2026';
const DEPRECATIONS = 'OpenAI deprecations page, November 2026';
const PORTRAIT = { width: 1024, height: 1536 };
const LANDSCAPE = { width: 1536, height: 1024 };

/** The model page's images a minute by tier, quoted by third parties. */
const OPENAI_TIERS = {
  'tier-1': { 'images-per-minute': 5 },
  'tier-2': { 'images-per-minute': 20 },
  'tier-3': { 'images-per-minute': 50 },
  'tier-4': { 'images-per-minute': 150 },
  'tier-5': { 'images-per-minute': 250 },
};

const batch: BatchLaneFacts = {
  priceShare: 0.5,
  // The vendor takes 50,000 lines; the bytes of the results are what bounds a batch of pictures.
  mostRequests: 500,
  // No bound of the result file is documented; ours, so that a broken download costs no evening.
  mostResultBytes: 1_536 * MEGABYTE,
  // A photograph as PNG takes about two of its three bytes a pixel, and base64 a third more.
  resultBytesPerPixel: 3,
  // Our assumption: the vendor promises 24 hours and is usually sooner.
  typicalMs: 6 * HOUR,
  longestMs: 24 * HOUR,
  cancelMs: 10 * MINUTE,
  limits: [],
  source: 'OpenAI Batch API reference and FAQ; size of the results by our estimate',
  date: CATALOG_DATE,
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
    // 50 MB as a file; in a request a data URL of at most 20,971,520 characters, a third larger.
    bytes: 15 * MEGABYTE,
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
  batch,
  refusalCost: {
    input: 'nothing',
    // Tokens are billed with a picture, so that a blocked one should cost nothing; OpenAI does not say it.
    output: 'unknown',
    source: 'a reseller’s billing rules of October 2026; OpenAI says nothing of it',
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

export const openaiModels: readonly Model[] = [
  gptImage2,
  retiredModel(gptImage2, {
    id: 'gpt-image-1',
    title: 'GPT-Image 1',
    since: '2026-10-23',
    source: DEPRECATIONS,
  }),
  retiredModel(gptImage2, {
    id: 'dall-e-3',
    title: 'DALL·E 3',
    aliases: ['dalle-3', 'dall-e'],
    since: '2026-05-12',
    source: DEPRECATIONS,
  }),
  retiredModel(gptImage2, {
    id: 'dall-e-2',
    title: 'DALL·E 2',
    aliases: ['dalle-2'],
    since: '2026-05-12',
    source: DEPRECATIONS,
  }),
];
