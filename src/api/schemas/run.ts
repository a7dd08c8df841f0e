/** Runs as they travel; `json/run-json.ts` makes them. */
import { RUN_STATES } from '../../engine/core/run.ts';
import { z } from '../zod.ts';

export const itemCountsSchema = z
  .object({
    delivered: z.int(),
    refused: z.int(),
    failed: z.int(),
    unknown: z.int(),
    waiting: z.int(),
    sent: z.int(),
    cancelled: z.int(),
  })
  .openapi('ItemCounts');

export const runSchema = z
  .object({
    run: z.string().openapi({ example: 'rk7m2p9qx' }),
    title: z.string(),
    state: z.enum(RUN_STATES),
    rows: z.int(),
    items: itemCountsSchema,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Run');

export const newRunSchema = z
  .strictObject({
    rows: z
      .array(z.looseObject({ prompt: z.string().min(1).max(32_000) }))
      .min(1)
      .max(10_000),
    title: z.string().max(200).optional(),
    settings: z.strictObject({ models: z.array(z.string()).min(1).max(20).optional() }).default({}),
    approve: z.boolean().default(false),
  })
  .openapi('NewRun');
