/** A run's items as a contact sheet needs them. */
import { defineRoute, json } from '../define-route.ts';
import { tilesQuery, tilesSchema } from '../schemas/tiles.ts';
import { runParam } from './runs.ts';

export const listTilesRoute = defineRoute('runs:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/tiles',
  tags: ['items'],
  operationId: 'listTiles',
  summary: 'Images of a run, short and by place',
  description:
    'For contact sheets that jump to any place: no cursor, few words, in the order of the sheet. Without filters, and with one state, a page far down costs what the first one does.',
  request: { params: runParam, query: tilesQuery },
  responses: { 200: json(tilesSchema, 'The part that was asked for, and how many there are.') },
});
