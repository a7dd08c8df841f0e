/** Plans as they travel; `planJson` makes them. */
import { amountSchema } from './amount.ts';
import { z } from '../zod.ts';

const laneSchema = amountSchema.extend({ finish_seconds: z.number().nullable() });

export const planSchema = z
  .object({
    plan_hash: z.string(),
    sheet: z.string(),
    rows: z.int(),
    items: z.int(),
    skipped: z.int(),
    duplicates: z.int(),
    collapsed: z.int(),
    canaries: z.int(),
    models: z.array(
      amountSchema.extend({
        model: z.string(),
        batches: z.int(),
        requests: z.int(),
        items: z.int(),
      }),
    ),
    total: z.object({ low: amountSchema, expected: amountSchema, worst: amountSchema }),
    finish_seconds: z.number().nullable(),
    finishing: z
      .object({ recipe: z.string(), seconds: z.number(), ms_per_image: z.number() })
      .nullable(),
    blocked_by: z.string().nullable(),
    warnings: z.array(z.string()),
    references: z.object({ pictures: z.int(), fitted: z.int() }),
    choice: z.array(z.string()),
    alternatives: z.array(
      laneSchema.extend({
        model: z.string(),
        excluded: z.string().optional(),
        available: z.boolean(),
      }),
    ),
    lanes: z.object({
      live: laneSchema,
      batch: laneSchema.optional(),
      leave_batch_at: z.iso.datetime().nullable().optional(),
    }),
    quotes: z.array(
      z.object({
        model: z.string(),
        size: z.string(),
        quality: z.string(),
        references: z.int(),
        usd: z.number(),
      }),
    ),
    assumptions: z.array(z.string()),
    columns: z.array(z.string()),
    catalog_date: z.string(),
  })
  .openapi('Plan');

/** Of a retry: what making again would do and cost. */
export const retryPlanSchema = z
  .object({
    images: z.int(),
    rows: z.int(),
    expected: amountSchema,
    worst: amountSchema,
    examples: z.array(z.object({ row: z.int(), prompt: z.string() })),
  })
  .openapi('RetryPlan');
