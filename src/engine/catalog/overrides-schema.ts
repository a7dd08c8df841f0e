/** What a config file may say of a model: every field of the catalog's entries, in a person's units. */
import { z } from 'zod';
import { IMAGE_FORMATS, QUALITIES } from '../core/quality.ts';
import { parseSize } from '../core/size.ts';

const text = z.string().trim().min(1);
const count = z.int().positive();
const amount = z.number().nonnegative();
const seconds = z.number().positive();
const ratio = z.number().min(1);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** `1536x1024`, or `1024` for a square. */
const size = z.union([z.string(), z.int().positive()]).transform((value, context) => {
  const parsed = parseSize(String(value));
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'This is no size' });
  return z.NEVER;
});

/** One figure for every quality, or one for each. */
const secondsByQuality = z.union([
  seconds,
  z.strictObject({ low: seconds, medium: seconds, high: seconds }),
]);

const lifecycle = z.union([
  z.literal('active'),
  z.strictObject({ state: z.enum(['deprecated', 'retired']), since: day, replacement: text }),
]);

const usd = z.union([
  amount,
  z.literal('unknown'),
  z.array(z.strictObject({ size, quality: z.enum(QUALITIES).optional(), usd: amount })).min(1),
]);

const freeSizes = z.strictObject({
  steps: count.optional(),
  smallest: size.optional(),
  largest: size.optional(),
  longestRatio: ratio.optional(),
});

const classSizes = z.strictObject({
  ratios: z
    .array(z.string().regex(/^[1-9]\d*:[1-9]\d*$/))
    .min(1)
    .optional(),
  /** Name → side of the square that the class makes at 1:1. */
  classes: z
    .record(text, count)
    .refine((classes) => Object.keys(classes).length > 0)
    .optional(),
});

const references = z.strictObject({
  count: z.int().nonnegative().optional(),
  bytes: count.optional(),
  pixels: count.optional(),
  smallestSide: count.optional(),
  largestSide: count.optional(),
  longestRatio: ratio.optional(),
  mediaTypes: z.array(z.string().regex(/^image\/[a-z0-9.+-]+$/)).optional(),
  largestPicture: size.optional(),
});

const batch = z.union([
  z.literal(false),
  z.strictObject({
    priceShare: z.number().min(0).max(1).optional(),
    mostRequests: count.optional(),
    mostResultBytes: count.optional(),
    resultBytesPerPixel: z.number().positive().optional(),
    typicalSeconds: seconds.optional(),
    longestSeconds: seconds.optional(),
    cancelSeconds: seconds.optional(),
  }),
]);

const limit = z.union([
  /** A figure for a rule that the model has, or for one of the usual names. */
  count,
  z.strictObject({
    max: count.optional(),
    /** Length of the window; absent: slots, held until a task ends. */
    seconds: seconds.optional(),
    unit: z.enum(['images', 'requests']).optional(),
  }),
]);

const refusal = z.enum(['nothing', 'prompt', 'image', 'unknown']);

export const overrideSchema = z.strictObject({
  /** For a new model: the one whose wire protocol and abilities it shares. */
  like: text.optional(),
  /** For a new model that is like no other, or of another vendor than the one it is like. */
  vendor: text.optional(),
  /** The vendor's own name of the model. */
  wire: text.optional(),
  title: text.optional(),
  aliases: z.array(text).optional(),
  lifecycle: lifecycle.optional(),
  credits: amount.optional(),
  usd: usd.optional(),
  /** Dollars per million tokens of prompt, and per reference that is sent along. */
  usdPerMillionPromptTokens: amount.optional(),
  usdPerReference: amount.optional(),
  /** Dollars of what the model writes to itself before each image. */
  usdOfThoughts: z.strictObject({ expected: amount, worst: amount }).optional(),
  batchMaximum: count.optional(),
  imagesPerRequest: count.optional(),
  promptsPerRequest: count.optional(),
  guideSide: count.optional(),
  inAuto: z.boolean().optional(),
  sizes: z
    .union([
      freeSizes.transform((sizes) => ({ kind: 'free' as const, ...sizes })),
      classSizes.transform((sizes) => ({ kind: 'ratio' as const, ...sizes })),
    ])
    .optional(),
  promptCharacters: count.optional(),
  negativePrompt: z.union([z.boolean(), z.enum(['yes', 'no', 'without-references'])]).optional(),
  seed: z.boolean().optional(),
  formats: z.array(z.enum(IMAGE_FORMATS)).optional(),
  references: references.optional(),
  batch: batch.optional(),
  limits: z.record(text, limit).optional(),
  /** Figures of the limits by the name of a tier. */
  tiers: z.record(text, z.record(text, count)).optional(),
  /** One of the model's tiers, like `tier-3`: sets the figures of its limits. */
  tier: text.optional(),
  longestSeconds: secondsByQuality.optional(),
  typicalSeconds: secondsByQuality.optional(),
  refusalCost: z.strictObject({ input: refusal.optional(), output: refusal.optional() }).optional(),
  /** Where the figures are from, and of when; shown with them. */
  source: text.optional(),
  date: day.optional(),
});

/** Corrections of one model, checked; amounts are decimal credits and US dollars. */
export type ModelOverride = z.infer<typeof overrideSchema>;
/** What belongs into each field, for a person who wrote something else. */
export const FIELD_RULES: Readonly<Record<keyof ModelOverride, string>> = {
  like: 'the name of a model, like gpt-image-2',
  vendor: 'the name of a vendor, like openai, or one that `vendors:` of the config file adds',
  wire: 'the vendor’s own name of the model',
  title: 'a name for people',
  aliases: 'a list of names',
  lifecycle:
    '`active`, or { state: deprecated, since: 2026-10-06, replacement: NAME } (or state: retired)',
  credits: 'the credits of one image of 1024x1024, like 2.4',
  usd: 'the dollars of one image, like 0.04, or `unknown`, or a list of { size: 1024x1024, quality: medium, usd: 0.04 }',
  usdPerMillionPromptTokens: 'dollars, like 5',
  usdPerReference: 'dollars, like 0.01',
  usdOfThoughts: '{ expected: 0.007, worst: 0.015 }, dollars an image',
  batchMaximum: 'a whole number of prompts, like 25',
  imagesPerRequest: 'a whole number of images, like 4',
  promptsPerRequest: 'a whole number of prompts, like 20',
  guideSide: 'a whole number of pixels, like 1024',
  inAuto: '`true` or `false`',
  sizes:
    '{ steps: 8, smallest: 64x64, largest: 2048x2048, longestRatio: 4 } or { ratios: ["1:1", "16:9"], classes: { 1k: 1024 } }',
  promptCharacters: 'a whole number of characters',
  negativePrompt: '`true`, `false` or `without-references`',
  seed: '`true` or `false`',
  formats: `a list of ${IMAGE_FORMATS.join(', ')}`,
  references:
    '{ count: 4, bytes: 10000000, pixels: 4000000, smallestSide: 300, largestSide: 8000, longestRatio: 2.5, mediaTypes: [image/png], largestPicture: 2048x2048 }, or some of these',
  batch:
    '`false`, or { priceShare: 0.5, mostRequests: 500, mostResultBytes: 1000000000, resultBytesPerPixel: 3, typicalSeconds: 3600, longestSeconds: 86400, cancelSeconds: 600 }, or some of these',
  limits:
    'figures by name, like { images-per-minute: 50 }, or rules like { my-rule: { max: 3, seconds: 10, unit: requests } } (without seconds: as many at once)',
  tiers: 'figures by tier and limit, like { tier-1: { images-per-minute: 5 } }',
  tier: 'the name of one of the model’s tiers, like tier-3',
  longestSeconds: 'seconds, like 300, or { low: 60, medium: 120, high: 300 }',
  typicalSeconds: 'seconds, like 20, or { low: 10, medium: 20, high: 40 }',
  refusalCost: '{ input: nothing, output: image }, each of nothing, prompt, image or unknown',
  source: 'where the figures are from, in words',
  date: 'a day, like 2026-11-22',
};
