/** Runs that are made from some items of another one. */
import { LONGEST_NOTE, REVIEW_FILTERS, SOURCE_KINDS } from '../../engine/core/review.ts';
import { LARGEST_SEED } from '../../engine/core/setting-bounds.ts';
import { amountSchema } from './amount.ts';
import { planSchema } from './plan.ts';
import { runSettingsSchema } from './run-settings.ts';
import { runOrderFields } from './runs.ts';
import { z } from '../zod.ts';

/** Rows of one follow-up. */
export const MOST_FOLLOWED = 5_000;
/** With the pictures that go along. */
export const MOST_FOLLOWED_WITH_IMAGES = 1_000;

const prompt = z.string().trim().min(1).max(32_000);

const changesSchema = z
  .strictObject({
    prompt: prompt.openapi({
      description: 'The new prompt; `{prompt}` stands for the one so far.',
      example: '{prompt}, in a quiet style',
    }),
    note: z.string().trim().min(1).max(LONGEST_NOTE).openapi({
      description: 'Put behind the prompt.',
      example: 'with less fog',
    }),
    replace: z.strictObject({
      find: z.string().min(1).max(LONGEST_NOTE),
      with: z.string().max(LONGEST_NOTE),
    }),
    negative: z.string().max(32_000).openapi({ description: 'Empty: none any more.' }),
    seed: z
      .union([z.enum(['new', 'same']), z.int().min(0).max(LARGEST_SEED)])
      .openapi({ description: 'Default: another one for a re-roll, the same for finals.' }),
  })
  .partial();

const followUpFields = {
  kind: z.enum(SOURCE_KINDS).openapi({
    description: '`reroll`: the same again, changed; `finals`: what was chosen, in full.',
  }),
  items: z
    .array(z.string().regex(/^[0-9a-f]{32}$/, 'An item has 32 hex digits.'))
    .min(1)
    .max(MOST_FOLLOWED)
    .optional()
    .openapi({ description: 'Items of the run, in any state. Or `review`.' }),
  review: z
    .enum(REVIEW_FILTERS)
    .optional()
    .openapi({ description: 'Delivered images of which this was said.', example: 'kept' }),
  changes: changesSchema.default({}),
  settings: runSettingsSchema.default({}).openapi({
    description:
      "What is other than in the run so far. Absent: each image's own model, size and quality, and one of each.",
  }),
  with_image: z
    .boolean()
    .default(false)
    .openapi({
      description: `The picture of each item goes along as a reference; for at most ${MOST_FOLLOWED_WITH_IMAGES} of them.`,
    }),
};

const ONE_CHOICE = { message: 'Give items or review, one of them.', path: ['items'] };

function hasOneChoice({ items, review }: { items?: unknown; review?: unknown }): boolean {
  return (items === undefined) !== (review === undefined);
}

export const newFollowUpPlanSchema = z
  .strictObject(followUpFields)
  .refine(hasOneChoice, ONE_CHOICE)
  .openapi('NewFollowUpPlan');

export const newFollowUpSchema = z
  .strictObject({ ...followUpFields, ...runOrderFields })
  .refine(hasOneChoice, ONE_CHOICE)
  .openapi('NewFollowUp');

export type FollowUpBody = z.output<typeof newFollowUpPlanSchema>;

const costSchema = z.object({ items: z.int(), expected: amountSchema });

export const followUpPlanSchema = z
  .object({
    plan: planSchema,
    saving: z
      .object({
        chosen: costSchema,
        all: costSchema.openapi({ description: 'The same made of all delivered images.' }),
        saved: amountSchema,
      })
      .nullable()
      .openapi({
        description:
          'Of finals: what choosing first has saved. Null: not asked, or the run has too many images to plan them all.',
      }),
  })
  .openapi('FollowUpPlan');
