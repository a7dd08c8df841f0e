/** A run's items as a contact sheet needs them; `json/tile-json.ts` makes them. */
import { FLAG_KINDS } from '../../engine/core/flag.ts';
import { ITEM_STATES } from '../../engine/core/outcome.ts';
import { MARKS, REVIEW_FILTERS, VERDICTS } from '../../engine/core/review.ts';
import { itemsQuery } from './items.ts';
import { z } from '../zod.ts';

export const MOST_TILES = 2_000;
/** A row has 50 images at most, and most rows have few. */
export const MOST_TILE_ROWS = 500;
export const TILE_PROMPT_LENGTH = 120;

export const tileSchema = z
  .object({
    item: z.string(),
    row: z.int(),
    index: z.int(),
    model: z.string(),
    state: z.enum(ITEM_STATES),
    reason: z.string().nullable(),
    refusal_category: z.string().nullable(),
    flags: z.array(z.enum(FLAG_KINDS)),
    verdict: z.enum(VERDICTS).nullable(),
    stars: z.int(),
    has_note: z.boolean(),
    mark: z
      .enum(MARKS)
      .nullable()
      .openapi({ description: 'What was last said of it on a page for approval.' }),
    version: z.string().nullable().openapi({
      description: "Names the picture: give it to the thumbnail's address. Null: there is none.",
    }),
    width: z.int().nullable(),
    height: z.int().nullable(),
    prompt: z.string().optional(),
  })
  .openapi('Tile');

const { state, model, flag, refusal_category, search } = itemsQuery.shape;

export const tilesQuery = z.object({
  offset: z.coerce.number().int().min(0).max(2_147_483_647).default(0).openapi({
    description: 'How many of them come before the first one that is given.',
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_TILES)
    .default(500)
    .openapi({ description: `Of rows, at most ${MOST_TILE_ROWS} are given.` }),
  by: z.enum(['item', 'row']).default('item').openapi({
    description:
      'What `offset`, `limit` and `total` count: items, or rows of the sheet with all their items.',
  }),
  state,
  model,
  flag,
  refusal_category,
  search,
  review: z.enum(REVIEW_FILTERS).optional().openapi({
    description:
      'Only what this was said of; `undecided`: there is a picture, and it is neither kept nor rejected.',
  }),
  prompts: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: `With the first ${TILE_PROMPT_LENGTH} characters of each prompt.` }),
});

export const tilesSchema = z
  .object({
    total: z.int(),
    offset: z.int(),
    models: z.array(z.string()).openapi({ description: 'All models of the run.' }),
    data: z.array(tileSchema),
  })
  .openapi('Tiles');
