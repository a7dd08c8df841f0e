/** Batches as they travel: one model, up to its maximum of prompts, approved by the call itself. */
import { LANE_KINDS } from '../../engine/core/lane.ts';
import { ITEM_STATES } from '../../engine/core/outcome.ts';
import { RUN_STATES } from '../../engine/core/run.ts';
import { z } from '../zod.ts';
import { amountSchema } from './amount.ts';
import { qualitySchema } from './model.ts';
import { itemCountsSchema } from './runs.ts';

/** Above what any model takes; the model's own maximum is told by name and figure. */
const MOST_PROMPTS = 1_000;
const MOST_IMAGES_A_PROMPT = 10;
const MOST_REFERENCES = 16;
const LARGEST_SEED = 4_294_967_295;

const referenceSchema = z
  .string()
  .max(2_000)
  .regex(/^(?:@|https?:\/\/)/i, 'A reference is @NAME of one that is kept, or an http(s) address')
  .openapi({ example: '@hero' });

export const newBatchSchema = z
  .strictObject({
    model: z.string().min(1).max(200).openapi({ example: 'gpt-image-2' }),
    prompts: z
      .array(z.string().min(1).max(32_000))
      .min(1)
      .max(MOST_PROMPTS)
      .openapi({ example: ['a red boat on a calm lake', 'a blue boat in a storm'] }),
    size: z.string().max(20).default('1024x1024').openapi({ example: '1024x1536' }),
    quality: qualitySchema.default('medium'),
    negative_prompt: z.string().max(10_000).optional(),
    images: z.array(referenceSchema).max(MOST_REFERENCES).optional().openapi({
      description: 'References for every prompt: names that are kept, or web addresses.',
    }),
    count: z
      .int()
      .min(1)
      .max(MOST_IMAGES_A_PROMPT)
      .default(1)
      .openapi({ description: 'Images of each prompt.' }),
    seed: z.int().min(0).max(LARGEST_SEED).optional(),
    lane: z.enum(LANE_KINDS).default('live').openapi({
      description: "`batch`: at the vendor's half price, within a day.",
    }),
    finish: z.string().max(2_000).optional().openapi({
      description: 'What is done to each image, as a recipe.',
      example: 'webp 82 | thumb: resize 256x256; webp 70',
    }),
    title: z.string().max(200).optional(),
  })
  .openapi('NewBatch');

const batchItemSchema = z
  .object({
    item: z.string(),
    prompt: z.int().openapi({ description: 'Place among the prompts, from 1.' }),
    index: z.int().openapi({ description: 'Which image of its prompt, from 1.' }),
    text: z.string().openapi({ description: 'The prompt as it was sent.' }),
    state: z.enum(ITEM_STATES),
    reason: z.string().nullable(),
    credits: z.number(),
    usd: z.number().nullable(),
    sha256: z.string().nullable(),
    image: z.string().nullable().openapi({ description: 'Where its picture is.' }),
  })
  .openapi('BatchItem');

export const batchSchema = z
  .object({
    batch: z.string().openapi({ example: 'rk7m2p9qx4ab' }),
    run: z.string().openapi({ description: 'The run that makes it; it has the same id.' }),
    title: z.string(),
    model: z.string(),
    state: z.enum(RUN_STATES),
    reason: z.string().nullable(),
    reason_text: z.string().nullable(),
    prompts: z.int(),
    images: z.int(),
    price: amountSchema
      .extend({ at_most: amountSchema })
      .openapi({ description: 'Expected, of all images; `usd` null: nobody knows.' }),
    spent: amountSchema,
    done_at: z.iso.datetime().nullable().openapi({
      description:
        'When it will be done, by the limits as they stood when it was made; null: not known.',
    }),
    counts: itemCountsSchema,
    items: z.array(batchItemSchema),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Batch');
