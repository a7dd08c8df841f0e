/** Pages for a client's approval, as their owner sees them and as a visitor does. */
import { LONGEST_NOTE, MARKS, REVIEW_FILTERS } from '../../engine/core/review.ts';
import { clientMarkSchema } from './reviews.ts';
import { z } from '../zod.ts';

const title = z.string().trim().min(1).max(200).openapi({ example: 'Boats, first round' });
const time = z.iso.datetime({ offset: true });

export const newShareSchema = z
  .strictObject({
    title: title.optional().openapi({ description: "Default: the run's title." }),
    only: z.enum(REVIEW_FILTERS).optional().openapi({
      description: 'Which delivered images, as they stand when somebody looks. Default: all.',
      example: 'kept',
    }),
    shows_prompts: z.boolean().default(false),
    takes_marks: z.boolean().default(true).openapi({ description: 'Approve, reject and notes.' }),
    expires_at: time.optional().openapi({ example: '2999-01-01T00:00:00Z' }),
  })
  .openapi('NewShare');

const counts = {
  items: z.int().openapi({ description: 'Images on the page.' }),
  approved: z.int(),
  rejected: z.int(),
  noted: z.int(),
};

export const shareSchema = z
  .object({
    share: z.string().openapi({ example: 's7k2m9p4qx' }),
    title: z.string(),
    state: z.enum(['open', 'expired', 'revoked']),
    only: z.enum(REVIEW_FILTERS).nullable(),
    shows_prompts: z.boolean(),
    takes_marks: z.boolean(),
    ...counts,
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
    opened_at: z.iso.datetime().nullable().openapi({ description: 'When somebody looked last.' }),
  })
  .openapi('Share');

export const issuedShareSchema = shareSchema
  .extend({
    link: z.string().openapi({
      description:
        'For the visitor, told this one time. What stands behind the `#` is the secret: no server is told of it by a browser.',
      example: 'http://127.0.0.1:8787/share/s7k2m9p4qx#shr_…',
    }),
  })
  .openapi('IssuedShare');

export const shareMarkSchema = z
  .object({ item: z.string(), row: z.int(), index: z.int(), ...clientMarkSchema.shape })
  .openapi('ShareMark');

export const sharedSchema = z
  .object({
    share: z.string(),
    title: z.string(),
    from: z.string().openapi({ description: "The workspace's name." }),
    shows_prompts: z.boolean(),
    takes_marks: z.boolean(),
    expires_at: z.iso.datetime().nullable(),
    ...counts,
  })
  .openapi('SharedPage');

export const sharedItemSchema = z
  .object({
    item: z.string(),
    row: z.int(),
    index: z.int(),
    name: z.string().nullable(),
    prompt: z.string().nullable().openapi({ description: 'Null: the page shows none.' }),
    width: z.int(),
    height: z.int(),
    mark: clientMarkSchema.nullable(),
  })
  .openapi('SharedItem');

export const LONGEST_VISITOR = 80;

/** Visitors are strangers: what steers terminals, or turns the words around it, is left out. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069]/gu, '');
}

function onOneLine(text: string): string {
  return withoutControls(text).replaceAll(/\s+/g, ' ');
}

export const newMarkSchema = z
  .strictObject({
    mark: z.enum(MARKS).nullable().openapi({ description: 'Null: taken back.' }),
    note: z.string().overwrite(withoutControls).trim().max(LONGEST_NOTE).nullable().default(null),
    name: z
      .string()
      .overwrite(onOneLine)
      .trim()
      .max(LONGEST_VISITOR)
      .nullable()
      .default(null)
      .openapi({
        description: 'As the visitor calls themselves.',
        example: 'Mara',
      }),
  })
  .openapi('NewMark');

export const shareParam = z.object({
  run: z.string().min(1).max(64),
  share: z.string().min(1).max(64),
});
export const sharedParam = z.object({ share: z.string().min(1).max(64) });
export const sharedItemParam = sharedParam.extend({
  item: z.string().regex(/^[0-9a-f]{32}$/, 'An item has 32 hex digits.'),
});
