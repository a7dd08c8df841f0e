/** Usage as it travels; `json/usage-json.ts` makes it. */
import { USAGE_GROUPINGS } from '../../engine/core/usage.ts';
import { pageQuery } from '../page.ts';
import { z } from '../zod.ts';
import { formatSchema, operatorsWorkspace } from './credits.ts';

const sums = {
  images: z.object({ delivered: z.int(), refused: z.int(), failed: z.int() }),
  credits: z.number().openapi({ description: 'Posted: as in the ledger.', example: 48 }),
  usd: z
    .number()
    .openapi({ description: 'All that vendors billed, delivered or not.', example: 0.96 }),
};

export const usageSchema = z
  .object({
    by: z.enum(USAGE_GROUPINGS),
    from: z.iso.datetime().openapi({
      description: 'What ended from then on; times are widened to quarters of an hour.',
    }),
    to: z.iso.datetime().openapi({ description: 'And before this.' }),
    time_zone: z.string().openapi({ example: 'UTC' }),
    data: z.array(
      z.object({
        group: z.string().nullable().openapi({
          description: "The day, the model, the key's or the run's id; null: made without a key.",
          example: '2026-11-23',
        }),
        name: z
          .string()
          .nullable()
          .openapi({ description: "The key's name, or the run's title.", example: null }),
        ...sums,
      }),
    ),
    total: z.object(sums).openapi({ description: 'Of the whole time, not of the page.' }),
    next: z.string().nullable().openapi({
      description: 'By run: give it as `after` for the next page; null: this is the last.',
      example: null,
    }),
  })
  .openapi('Usage');

const boundary = z.string().min(10).max(40);

export const usageQuery = z.object({
  by: z.enum(USAGE_GROUPINGS).default('day').openapi({ description: 'What each entry sums up.' }),
  from: boundary.optional().openapi({
    description:
      'A day (from its first moment, in `time_zone`) or a time; absent: 30 days before the end.',
    example: '2026-11-01',
  }),
  to: boundary.optional().openapi({
    description: 'A day (to its end) or a time (before it); absent: now. At most 400 days.',
    example: '2026-11-30',
  }),
  time_zone: z
    .string()
    .min(1)
    .max(64)
    .default('UTC')
    .openapi({ description: 'IANA name, by which days are counted.', example: 'Europe/Berlin' }),
  limit: pageQuery.shape.limit.openapi({ description: 'By run: most runs of the page.' }),
  after: pageQuery.shape.after,
  workspace: operatorsWorkspace,
  format: formatSchema,
});
