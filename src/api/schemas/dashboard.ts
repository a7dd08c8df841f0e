/** The dashboard as it travels; `json/dashboard-json.ts` makes it. */
import { LANE_VERDICTS } from '../../engine/core/dashboard.ts';
import { LANE_KINDS } from '../../engine/core/lane.ts';
import { REFUSAL_CATEGORIES } from '../../engine/core/refusal.ts';
import { z } from '../zod.ts';
import { amountSchema } from './amount.ts';
import { creditsSchema } from './credits.ts';
import { limitSchema } from './limit.ts';
import { runSummarySchema } from './runs.ts';
import { workerFiguresSchema } from './workers.ts';

/** A season: more would be no look, but a report; `/v1/usage` has those. */
export const MOST_DASHBOARD_DAYS = 90;

export const dashboardQuery = z.object({
  days: z.coerce.number().int().min(1).max(MOST_DASHBOARD_DAYS).default(30).openapi({
    description: 'Days up to now, today included.',
    example: 30,
  }),
  time_zone: z
    .string()
    .min(1)
    .max(64)
    .default('UTC')
    .openapi({ description: 'IANA name, by which days are counted.', example: 'Europe/Berlin' }),
});

const images = z.object({ delivered: z.int(), refused: z.int(), failed: z.int() });
const spent = { images, credits: z.number(), usd: z.number() };
const day = z.string().openapi({ example: '2026-11-23' });

const usageSchema = z.object({
  days: z.array(z.object({ day, ...spent })).openapi({ description: 'Each day, the first first.' }),
  models: z.array(z.object({ model: z.string(), ...spent })),
  keys: z.array(
    z.object({
      key: z.string().nullable().openapi({ description: 'Null: made without a key.' }),
      name: z.string().nullable(),
      ...spent,
    }),
  ),
  total: z.object(spent),
});

const compared = {
  estimated: amountSchema,
  actual: z.object({ credits: z.number(), usd: z.number() }),
};

const costsSchema = z.object({
  runs: z
    .array(
      z.object({
        run: z.string(),
        title: z.string(),
        created_at: z.iso.datetime(),
        ...compared,
        is_final: z.boolean().openapi({ description: 'False: it goes on; `actual` is so far.' }),
      }),
    )
    .openapi({ description: 'Made in this time, the newest 30.' }),
  models: z
    .array(
      z.object({
        model: z.string(),
        runs: z.int(),
        planned: z.int().openapi({ description: 'Images that were planned on it.' }),
        delivered: z.int(),
        ...compared,
      }),
    )
    .openapi({ description: 'Of those runs that have ended.' }),
});

const outcomesSchema = z.array(
  z.object({
    model: z.string(),
    images,
    days: z.array(z.object({ day, images })),
    refusals: z
      .array(z.object({ category: z.enum(REFUSAL_CATEGORIES), items: z.int() }))
      .openapi({ description: 'Images that are refused still, by what the vendor said.' }),
    failures: z
      .array(z.object({ reason: z.string(), items: z.int() }))
      .openapi({ description: 'Images that are failed still, by what was said of them.' }),
  }),
);

const laneSchema = z.object({
  vendor: z.string(),
  model: z.string(),
  lane: z.enum(LANE_KINDS),
  verdict: z.enum(LANE_VERDICTS).openapi({
    description:
      '`waiting`: for a limit. `failing`: what came last was no image. `account-empty`, `key-refused`, `model-gone`: nothing comes through until somebody has done something. `idle`: nothing was sent lately.',
  }),
  in_flight: z.int().openapi({ description: 'Requests that are with the vendor.' }),
  waiting: z.int().openapi({ description: 'Requests that wait to be sent.' }),
  waits: z.array(
    z.object({
      run: z.string(),
      limit: z.string(),
      reason: z.string(),
      until: z.iso.datetime().nullable(),
    }),
  ),
  recent: z.object({ since: z.iso.datetime(), images }),
  last_success_at: z.iso.datetime().nullable(),
  last_failure: z
    .object({
      at: z.iso.datetime(),
      kind: z.string().nullable(),
      words: z.string().openapi({ description: "The vendor's own, where it said something." }),
    })
    .nullable(),
  limits: z.array(limitSchema),
});

const runsSchema = z.array(
  runSummarySchema.extend({
    unknown_requests: z
      .int()
      .openapi({ description: 'Sent, and nobody knows what became of them.' }),
  }),
);

export const dashboardSchema = z
  .object({
    days: z.int(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    time_zone: z.string(),
    credits: creditsSchema
      .nullable()
      .openapi({ description: 'Null for keys without the scope credits:read, as all of money.' }),
    hour: limitSchema.openapi({ description: "The workspace's images in any 60 minutes." }),
    usage: usageSchema.nullable(),
    costs: costsSchema.nullable(),
    outcomes: outcomesSchema,
    lanes: z.array(laneSchema).openapi({ description: 'Those with traffic in this time.' }),
    runs: z.object({
      working: runsSchema,
      waiting: runsSchema.openapi({
        description: 'For an approval, for credits, for a decision: until somebody acts.',
      }),
      ended: runsSchema,
    }),
    workers: workerFiguresSchema,
  })
  .openapi('Dashboard');

export const detailSchema = z
  .object({
    data: z.array(
      z.object({
        model: z.string(),
        runs: z.array(
          z.object({
            run: z.string(),
            title: z.string(),
            verdict: z.enum(['too-early', 'steady', 'fell']),
            ratio: z
              .number()
              .nullable()
              .openapi({ description: 'Detail at the end over its start.' }),
          }),
        ),
        curve: z.array(z.object({ from: z.int(), images: z.int(), detail: z.number() })).openapi({
          description:
            'Detail of the images from this place in the queue on, beside the beginning of their runs: 1 is as much.',
        }),
        canaries: z
          .object({ same: z.int(), less_detail: z.int(), other_picture: z.int() })
          .openapi({ description: 'What repeating one prompt and seed showed, in pictures.' }),
      }),
    ),
  })
  .openapi('DetailByPlace');
