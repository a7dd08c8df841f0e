/** The words in which an assistant says which images it wants. */
import type { newRunSchema } from '../api/schemas/runs.ts';
import { LANE_CHOICES } from '../engine/core/lane.ts';
import { QUALITIES } from '../engine/core/quality.ts';
import { boundedRows } from '../api/bounded-rows.ts';
import { z } from '../api/zod.ts';
import { ToolError } from './tool-answer.ts';

const MOST_ROWS = 1_000;

export const wishShape = {
  prompts: z
    .array(z.string().min(1).max(32_000))
    .min(1)
    .max(MOST_ROWS)
    .optional()
    .describe('One prompt for each picture. Give either prompts or rows.'),
  rows: boundedRows(
    z
      .array(z.record(z.string().max(100), z.union([z.string(), z.number(), z.boolean()])))
      .min(1)
      .max(MOST_ROWS),
  )
    .optional()
    .describe(
      'Instead of prompts: objects with prompt, and where wanted negative_prompt, name, model, size, aspect_ratio, quality, seed, count, image (a reference).',
    ),
  model: z
    .string()
    .max(200)
    .optional()
    .describe('A model of list_models, or auto: the cheapest that can make the size.'),
  size: z.string().max(20).optional().describe('Width and height in pixels, like 1024x1536.'),
  quality: z.enum(QUALITIES).optional(),
  count: z.number().int().min(1).max(100).optional().describe('Images of each prompt. Default: 1.'),
  negative_prompt: z.string().max(32_000).optional(),
  references: z
    .array(z.string().max(2_000))
    .max(16)
    .optional()
    .describe('Pictures to work from: @NAME of list_references, or http(s) addresses.'),
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
  lane: z
    .enum(LANE_CHOICES)
    .optional()
    .describe('batch: half the price, within a day. Default: live.'),
  finish: z
    .string()
    .max(2_000)
    .optional()
    .describe('What is done to each image, like "upscale 2x; webp 82".'),
};

const wishSchema = z.object(wishShape);
export type ImageWish = z.output<typeof wishSchema>;
type NewRun = z.input<typeof newRunSchema>;

/** As the API takes it. Throws `ToolError` when it is not said what to make. */
export function orderOf(wish: ImageWish): Pick<NewRun, 'rows' | 'prompts'> & {
  readonly settings: NonNullable<NewRun['settings']>;
} {
  const { prompts, rows, model, size, quality, count, seed, lane, finish } = wish;
  if ((prompts === undefined) === (rows === undefined)) {
    throw new ToolError('Give either prompts or rows: one of them, and not both.');
  }
  return {
    ...(prompts !== undefined ? { prompts } : { rows }),
    settings: {
      ...(model !== undefined && { models: [model] }),
      ...(size !== undefined && { size }),
      ...(quality !== undefined && { quality }),
      ...(count !== undefined && { count }),
      ...(wish.negative_prompt !== undefined && { negative: wish.negative_prompt }),
      ...(wish.references !== undefined && { images: wish.references }),
      ...(seed !== undefined && { seed }),
      ...(lane !== undefined && { lane }),
      ...(finish !== undefined && { finish }),
    },
  };
}
