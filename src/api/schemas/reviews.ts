/** What is said of images, as it travels; `json/review-json.ts` makes it. */
import { FLAG_KINDS } from '../../engine/core/flag.ts';
import {
  LONGEST_NOTE,
  MARKS,
  MOST_STARS,
  REVIEW_FILTERS,
  VERDICTS,
} from '../../engine/core/review.ts';
import { z } from '../zod.ts';

/** Images of one call that names them, and former reviews that an answer has room for. */
export const MOST_REVIEWED = 2_000;

const TIME = '2026-11-23T08:00:00.000Z';
const itemId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'An item has 32 hex digits.')
  .openapi({ example: '0123456789abcdef0123456789abcdef' });
const verdict = z.enum(VERDICTS).nullable();
const stars = z.int().min(0).max(MOST_STARS);
const note = z.string().max(LONGEST_NOTE).nullable();

export const reviewSchema = z
  .object({
    verdict: verdict.openapi({ description: 'null: not decided.', example: 'keep' }),
    stars: stars.openapi({ description: '0: none.', example: 4 }),
    note: note.openapi({ example: 'The hull is too dark.' }),
    by: z.string().openapi({ description: 'Name of the key that said it last.' }),
    at: z.iso.datetime().openapi({ example: TIME }),
  })
  .openapi('Review');

export const clientMarkSchema = z
  .object({
    mark: z.enum(MARKS).nullable(),
    note: z.string().nullable(),
    by: z.string().nullable().openapi({ description: 'As the visitor calls themselves.' }),
    at: z.iso.datetime().openapi({ example: TIME }),
  })
  .openapi('ClientMark');

const change = {
  verdict: verdict
    .optional()
    .openapi({ description: 'null: taken back; absent: as it is.', example: 'keep' }),
  stars: stars.optional().openapi({ description: '0: taken back; absent: as it is.' }),
  note: note.optional().openapi({ description: 'null or empty: taken back; absent: as it is.' }),
};

export const reviewChangeSchema = z.strictObject(change).openapi('ReviewChange');

export const formerReviewSchema = z
  .strictObject({ item: itemId, verdict, stars, note })
  .openapi('FormerReview');

const filterSchema = z
  .strictObject({
    model: z.string().min(1).max(200).optional(),
    row: z.int().min(1).max(2_147_483_647).optional(),
    flag: z.enum(FLAG_KINDS).optional(),
    review: z.enum(REVIEW_FILTERS).optional(),
    search: z.string().min(1).max(200).optional(),
  })
  .openapi({ description: 'As of `listItems`; `{}`: every image of the run.' });

export const reviewManySchema = z
  .strictObject({
    items: z.array(itemId).min(1).max(MOST_REVIEWED).optional(),
    filter: filterSchema.optional(),
    ...change,
    restore: z.array(formerReviewSchema).min(1).max(MOST_REVIEWED).optional().openapi({
      description: 'What an answer told as `former`: each of these images gets exactly that again.',
    }),
  })
  .refine(
    ({ items, filter, restore }) =>
      [items, filter, restore].filter((each) => each !== undefined).length === 1,
    'Name one of items, filter and restore.',
  )
  .refine(
    (body) =>
      body.restore === undefined ||
      [body.verdict, body.stars, body.note].every((each) => each === undefined),
    'restore says everything itself: leave verdict, stars and note out.',
  )
  .openapi('ReviewMany');

export const reviewedManySchema = z
  .object({
    changed: z.int().openapi({
      description: 'Images of which something else was said before.',
      example: 12,
    }),
    former: z
      .array(formerReviewSchema)
      .nullable()
      .openapi({
        description: `What was said of them before, to be given as \`restore\`; null when they are more than ${MOST_REVIEWED}.`,
      }),
    at: z.iso.datetime().nullable().openapi({
      description: 'When the last of them was changed, as events tell it.',
      example: TIME,
    }),
  })
  .openapi('ReviewedMany');

export const reviewSummarySchema = z
  .object({
    kept: z.int(),
    rejected: z.int(),
    starred: z.int(),
    noted: z.int(),
    undecided: z.int().openapi({ description: 'Images that could be kept or rejected.' }),
    delivered: z.int(),
  })
  .openapi('ReviewSummary');
