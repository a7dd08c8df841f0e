/** Settings of a run as they travel: all that `imagemill run` has, but for paths of its machine. */
import { LANE_CHOICES } from '../../engine/core/lane.ts';
import { FILE_FORMATS, QUALITIES } from '../../engine/core/quality.ts';
import { parseRecipe } from '../../engine/core/recipe.ts';
import { referenceName } from '../../engine/core/reference.ts';
import {
  LARGEST_AMOUNT,
  LARGEST_SEED,
  MOST_BATCH_SIZE,
  MOST_CONCURRENT,
  MOST_COUNTED,
  MOST_IMAGES_A_ROW,
  MOST_IMAGES_PER_HOUR,
} from '../../engine/core/setting-bounds.ts';
import { parseSize } from '../../engine/core/size.ts';
import { z } from '../zod.ts';

const MOST_MODELS = 20;
const MOST_IMAGES = 16;
const MOST_COLUMNS = 500;

const counted = z.int().min(1).max(MOST_COUNTED);
const amount = z.number().min(0).max(LARGEST_AMOUNT);

export const sizeSchema = z
  .string()
  .max(20)
  .refine((text) => parseSize(text) !== undefined, 'Write width and height: 1024x1536.')
  .openapi({ example: '1024x1536' });

/** Each thing that is wrong with a recipe is a problem of its own. */
export const recipeSchema = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    if (text === 'none') return;
    const read = parseRecipe(text);
    for (const { message, remedy, value } of 'problems' in read ? read.problems : []) {
      context.addIssue({ code: 'custom', message: `${message} (${value ?? text}). ${remedy}` });
    }
  })
  .openapi({ example: 'upscale 2x; webp 82 | thumb: resize 256x256; webp 70' });

const imageSchema = z
  .string()
  .max(2_000)
  .refine(
    isKeptOrAddress,
    'Name a kept reference (@name) or an http(s) address without a password.',
  )
  .openapi({ example: '@hero' });

export const runSettingsSchema = z
  .strictObject({
    models: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(MOST_MODELS)
      .refine((names) => names.length === 1 || !names.includes('auto'), 'Give auto alone.')
      .openapi({ description: 'Names of models, or `auto` alone.', example: ['auto'] }),
    size: sizeSchema,
    quality: z.enum(QUALITIES),
    count: z.int().min(1).max(MOST_IMAGES_A_ROW).openapi({ description: 'Images a prompt.' }),
    batch_size: z.union([z.literal('max'), z.int().min(1).max(MOST_BATCH_SIZE)]),
    rotate_every: z.union([z.enum(['half', 'auto']), counted]),
    keep_style: z.boolean(),
    canary: z.int().min(0).max(MOST_COUNTED),
    lane: z.enum(LANE_CHOICES),
    deadline: z.string().max(40).openapi({
      description: 'A moment with its zone, or a span from now: `6h`, `90min`, `2d`.',
      example: '6h',
    }),
    images: z.array(imageSchema).max(MOST_IMAGES).openapi({
      description: 'References for rows without one of their own: `@name` or web addresses.',
    }),
    fallback: z.string().min(1).max(200),
    proof: z.union([z.literal('batch'), z.int().min(0).max(MOST_COUNTED)]).openapi({
      description: 'Rows that are made first, then the run waits for `approve`.',
    }),
    budget: amount.openapi({ description: 'Most credits.' }),
    max_usd: amount.openapi({ description: "Most of the vendors' dollars." }),
    images_per_hour: z.int().min(1).max(MOST_IMAGES_PER_HOUR),
    concurrency: z.int().min(1).max(MOST_CONCURRENT),
    name_template: z.string().min(1).max(300),
    format: z.enum(FILE_FORMATS),
    finish: recipeSchema,
    marks: z.enum(['all', 'no-prompt', 'none']).openapi({
      description: 'What delivered files say of how they were made.',
    }),
    screen: z.boolean(),
    seed: z.int().min(0).max(LARGEST_SEED),
    negative: z.string().max(32_000),
    on_unknown: z.enum(['hold', 'retry']),
    negative_unsupported: z.enum(['append', 'refuse']),
    duplicates: z.enum(['keep', 'collapse']),
    column_map: z
      .record(z.string().min(1).max(500), z.string().max(100))
      .refine((map) => Object.keys(map).length <= MOST_COLUMNS, `At most ${MOST_COLUMNS} columns.`)
      .openapi({ description: 'Heading → meaning; an empty one ignores the column.' }),
    skip_bad_rows: z.boolean(),
    refusal_breaker: z
      .union([
        z.literal('off'),
        z.strictObject({
          share: z.number().gt(0).max(1),
          after: z.int().min(1).max(MOST_COUNTED).optional(),
        }),
      ])
      .openapi({ description: 'Share of refused images that pauses the run.' }),
  })
  .partial()
  .openapi('RunSettings');
export type RunSettingsBody = z.infer<typeof runSettingsSchema>;

/** What may be changed while a run stands; `null` takes a bound away. */
export const changedSettingsSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    budget: amount.nullable(),
    max_usd: amount.nullable(),
    images_per_hour: runSettingsSchema.shape.images_per_hour.unwrap().nullable(),
    concurrency: runSettingsSchema.shape.concurrency.unwrap().nullable(),
    on_unknown: z.enum(['hold', 'retry']),
    refusal_breaker: runSettingsSchema.shape.refusal_breaker.unwrap(),
    finish: recipeSchema,
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Name at least one thing to change.')
  .openapi('RunChange');
export type RunChangeBody = z.infer<typeof changedSettingsSchema>;

function isKeptOrAddress(text: string): boolean {
  if (text.startsWith('@')) return referenceName(text) !== undefined;
  const url = /^https?:\/\//i.test(text) && !/\s/.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '';
}
