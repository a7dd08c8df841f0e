/** Items as they travel; `itemJson` makes them. */
import { FLAG_KINDS } from '../../engine/core/flag.ts';
import { ITEM_STATES } from '../../engine/core/outcome.ts';
import { REFUSAL_CATEGORIES } from '../../engine/core/refusal.ts';
import { REVIEW_FILTERS } from '../../engine/core/review.ts';
import { pageQuery } from '../page.ts';
import { clientMarkSchema, reviewSchema } from './reviews.ts';
import { z } from '../zod.ts';

const pictureSchema = z.object({
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  media_type: z.string(),
});

/** Which fields there are depends on the kind. */
const flagSchema = z
  .object({
    kind: z.enum(FLAG_KINDS),
    row: z.int().optional(),
    index: z.int().optional(),
    from: z.enum(['reference', 'start']).optional(),
    share: z.number().optional(),
    label: z.string().optional(),
    score: z.number().optional(),
    output: z.string().optional(),
  })
  .openapi('Flag');

export const itemSchema = z
  .object({
    item: z.string(),
    row: z.int(),
    line: z.int(),
    index: z.int(),
    name: z.string().nullable(),
    prompt: z.string(),
    model: z.string(),
    vendor: z.string(),
    size: z.string(),
    quality: z.string(),
    seed: z.int().nullable(),
    state: z.enum(ITEM_STATES),
    reason: z.string().nullable(),
    refusal_stage: z.string().nullable(),
    refusal_category: z.string().nullable(),
    waits_until: z.iso.datetime().nullable(),
    file: z.string().nullable(),
    more_files: z.array(z.object({ output: z.string(), file: z.string() })),
    finish_failure: z.string().nullable(),
    sha256: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    bytes: z.int().nullable(),
    format: z.string().nullable(),
    credits: z.number(),
    usd: z.number().nullable(),
    attempt: z.int(),
    vendor_ref: z.string().nullable(),
    flags: z.array(flagSchema),
    review: reviewSchema.nullable(),
    client_mark: clientMarkSchema.nullable(),
    references: z.array(z.string()),
    reference_changes: z.array(
      z.object({
        reference: z.string(),
        steps: z.array(z.string()),
        from: pictureSchema,
        to: pictureSchema,
      }),
    ),
    links: z.object({
      self: z.string(),
      image: z.string().nullable(),
      thumbnail: z.string().nullable(),
    }),
  })
  .openapi('Item');

const attemptSchema = z
  .object({
    attempt: z.string(),
    number: z.int(),
    lane: z.string(),
    state: z.string(),
    sent_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
    reason: z.string().nullable(),
    vendor_ref: z.string().nullable(),
    usd: z.number().nullable(),
    images: z.int().openapi({ description: 'Images that were asked for together.' }),
    ledger: z.array(
      z.object({
        kind: z.string(),
        account: z.string(),
        at: z.iso.datetime(),
        credits: z.number(),
      }),
    ),
  })
  .openapi('Attempt');

export const itemDetailSchema = itemSchema
  .extend({
    given_prompt: z.string(),
    negative_prompt: z.string().nullable(),
    cells: z.record(z.string(), z.string()),
    attempts: z.array(attemptSchema),
  })
  .openapi('ItemDetail');

export const itemsQuery = pageQuery.extend({
  state: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: `One or several of ${ITEM_STATES.join(', ')}, with commas.` }),
  model: z.string().min(1).max(200).optional().openapi({ description: 'Only of this model.' }),
  row: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .openapi({ description: 'Only of this row of the sheet, counted from 1.' }),
  flag: z
    .enum(FLAG_KINDS)
    .optional()
    .openapi({ description: 'Only images that were flagged for this.' }),
  refusal_category: z
    .enum(REFUSAL_CATEGORIES)
    .optional()
    .openapi({ description: 'Only what was refused for this.' }),
  review: z
    .enum(REVIEW_FILTERS)
    .optional()
    .openapi({ description: 'Only images of which this was said.' }),
  search: z.string().min(1).max(200).optional().openapi({ description: 'A part of the prompt.' }),
});

export const itemParam = z.object({
  run: z.string().min(1).max(64),
  item: z.string().regex(/^[0-9a-f]{32}$/, 'An item has 32 hex digits.'),
});
