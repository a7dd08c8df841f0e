/** Lists come a page at a time; a page names the cursor of the next. */
import { z } from './zod.ts';

/** Most entries of a page. */
export const MOST_PER_PAGE = 200;

export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_PER_PAGE)
    .default(50)
    .openapi({ description: 'Most entries of the page.' }),
  after: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: 'The `next` of the page before; it means nothing by itself.' }),
});

export function pageOf<Entry extends z.ZodType>(entry: Entry) {
  return z.object({
    data: z.array(entry),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Give it as `after` for the next page; null: this is the last.' }),
  });
}
