/** Models as they travel; `json/model-json.ts` and `json/catalog-json.ts` make them. */
import { QUALITIES } from '../../engine/core/quality.ts';
import { z } from '../zod.ts';

const sizeText = z.string().openapi({ example: '1024x1536' });

export const qualitySchema = z.enum(QUALITIES);

const modelSizesSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('free'),
      steps: z.int().openapi({ description: 'Both sides are multiples of it.' }),
      smallest: sizeText,
      largest: sizeText,
      longest_ratio: z.number().openapi({ description: 'Long side over short side.' }),
    }),
    z.object({
      kind: z.literal('ratio'),
      ratios: z
        .array(z.string())
        .readonly()
        .openapi({ example: ['1:1', '16:9'] }),
      classes: z
        .record(z.string(), z.int())
        .openapi({ description: 'Class to the square that it makes at 1:1.' }),
    }),
  ])
  .openapi('ModelSizes');

const modelLimitSchema = z
  .object({
    name: z.string().openapi({ example: 'images-per-minute' }),
    unit: z.enum(['images', 'requests']),
    max: z.int().nullable().openapi({ description: 'Null: learned from the vendor.' }),
    seconds: z.number().nullable().openapi({ description: 'Null: slots, held by tasks.' }),
    source: z.string(),
  })
  .openapi('ModelLimit');

const modelPriceSchema = z
  .object({
    size: sizeText,
    quality: qualitySchema,
    credits: z.number(),
    credits_are: z.enum(['list', 'proportional', 'quote']),
    usd: z.number().nullable().openapi({ description: 'Null: nobody knows.' }),
    batch_credits: z.number().nullable(),
    batch_usd: z.number().nullable(),
  })
  .openapi('ModelPrice', {
    description:
      'Of one delivered image. `batch_…`: in the lane at half price, where there is one.',
  });

export const modelSchema = z
  .object({
    model: z.string().openapi({ example: 'gpt-image-2' }),
    title: z.string(),
    vendor: z.string(),
    wire: z.string().openapi({ description: "The vendor's own name of it." }),
    aliases: z.array(z.string()).readonly(),
    available: z.boolean().openapi({ description: 'It can be used here, now.' }),
    to_use: z
      .string()
      .nullable()
      .openapi({ description: 'What to do so that it can be used; null: nothing.' }),
    lifecycle: z.object({
      state: z.enum(['active', 'deprecated', 'retired']),
      since: z.string().optional(),
      replacement: z.string().optional(),
    }),
    in_auto: z.boolean(),
    credits: z
      .number()
      .nullable()
      .openapi({ description: 'Of the size and quality of the question; null: not made.' }),
    usd: z.number().nullable(),
    batch_credits: z.number().nullable(),
    batch_usd: z.number().nullable(),
    excluded: z.string().nullable().openapi({ description: 'Why it cannot make the size.' }),
    prices: z.array(modelPriceSchema),
    price_source: z.string(),
    price_date: z.string(),
    batch_maximum: z.int().openapi({ description: 'Most prompts of a batch.' }),
    images_per_request: z.int(),
    prompts_per_request: z.int(),
    sizes: modelSizesSchema,
    prompt_characters: z.int(),
    negative_prompt: z.enum(['yes', 'no', 'without-references']),
    seed: z.boolean(),
    formats: z.array(z.string()).readonly().openapi({ description: 'Empty: the vendor decides.' }),
    references: z.object({
      count: z.int().openapi({ description: 'Most references of an image.' }),
      bytes: z.int(),
      media_types: z.array(z.string()).readonly(),
      pixels: z.int().nullable(),
      smallest_side: z.int().nullable(),
      largest_side: z.int().nullable(),
      longest_ratio: z.number().nullable(),
      largest_picture: sizeText.nullable(),
    }),
    refusal_cost: z
      .object({ input: z.string(), output: z.string(), source: z.string() })
      .openapi({ description: 'What the vendor bills for a refusal before and after painting.' }),
    tiers: z
      .record(z.string(), z.record(z.string(), z.number()))
      .openapi({ description: "Figures of limits by the vendor's tier." }),
    guide_side: z.int().nullable().openapi({
      description: 'Side of the square up to which `auto` takes it by the guide; null: not in it.',
    }),
    limits: z.array(modelLimitSchema),
    lanes: z.array(z.enum(['live', 'batch'])),
    typical_seconds: z.object({ low: z.number(), medium: z.number(), high: z.number() }),
    source: z.string(),
  })
  .openapi('Model');
