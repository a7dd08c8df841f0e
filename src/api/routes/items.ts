/** Items of a run, and its journal. */
import { MOST_PER_PAGE, pageOf, pageQuery } from '../page.ts';
import { defineRoute, json } from '../define-route.ts';
import { itemDetailSchema, itemParam, itemSchema, itemsQuery } from '../schemas/items.ts';
import { runParam } from './runs.ts';
import { z } from '../zod.ts';

export const listItemsRoute = defineRoute('runs:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/items',
  tags: ['items'],
  operationId: 'listItems',
  summary: 'Images of a run, in the order of its sheet',
  description:
    'Pages stay as they are while the run works: an item never changes its place. With filters a page may have fewer entries than `limit`, or none, though another follows: go on while there is a `next`.',
  request: { params: runParam, query: itemsQuery },
  responses: { 200: json(pageOf(itemSchema), `At most ${MOST_PER_PAGE} of them.`) },
});

export const getItemRoute = defineRoute('runs:read', ['not-found', 'invalid'], {
  method: 'get',
  path: '/v1/runs/{run}/items/{item}',
  tags: ['items'],
  operationId: 'getItem',
  summary: 'An image with everything that was sent for it, and its ledger',
  request: { params: itemParam },
  responses: { 200: json(itemDetailSchema, 'The item.') },
});

const journalEntrySchema = z
  .object({
    sequence: z.int(),
    at: z.iso.datetime(),
    type: z.string(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  })
  .openapi('JournalEntry');

export const journalRoute = defineRoute('runs:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/journal',
  tags: ['runs'],
  operationId: 'getJournal',
  summary: 'What happened in a run, oldest first',
  request: { params: runParam, query: pageQuery },
  responses: { 200: json(pageOf(journalEntrySchema), 'A page of it.') },
});
