/** Pictures and files of a run. */
import { defineRoute } from '../define-route.ts';
import { itemParam } from '../schemas/items.ts';
import { runParam } from './runs.ts';
import { z } from '../zod.ts';

/** An answer that is bytes. */
export function binary(description: string, ...types: readonly string[]) {
  const schema = { type: 'string' as const, format: 'binary' };
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];
const NOT_CHANGED = { description: 'What the client has is still right.' };

const downloadQuery = z.object({
  download: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: 'Browsers keep it as a file instead of showing it.' }),
});

export const itemImageRoute = defineRoute(
  'runs:read',
  ['not-found', 'invalid', 'gone', 'range-not-satisfiable'],
  {
    method: 'get',
    path: '/v1/runs/{run}/items/{item}/image',
    tags: ['items'],
    operationId: 'getItemImage',
    summary: 'The picture of an item',
    description:
      'The master, as the model made it; or a file that was made of it. Ranges (`Range`, `If-Range`), `If-None-Match` and HEAD are answered.',
    request: {
      params: itemParam,
      query: downloadQuery.extend({
        output: z.string().min(1).max(60).optional().openapi({
          description: "`main`: the item's delivered file; else an output's name in the recipe.",
        }),
      }),
    },
    responses: {
      200: binary('The picture.', ...PICTURES),
      206: binary('A part of it.', ...PICTURES),
      304: NOT_CHANGED,
    },
  },
);

export const thumbnailRoute = defineRoute('runs:read', ['not-found', 'invalid', 'gone'], {
  method: 'get',
  path: '/v1/runs/{run}/items/{item}/thumbnail',
  tags: ['items'],
  operationId: 'getThumbnail',
  summary: 'The picture of an item, small',
  request: {
    params: itemParam,
    query: z.object({
      width: z.coerce.number().int().min(16).max(1_280).default(360).openapi({
        description: 'Pixels of the longest side: the next size that is made is given.',
      }),
      version: z
        .string()
        .regex(/^[0-9a-f]{1,64}$/)
        .optional()
        .openapi({
          description:
            'What the tile has: another address for another picture, since browsers keep each for ever.',
        }),
    }),
  },
  responses: { 200: binary('A WebP.', 'image/webp'), 304: NOT_CHANGED },
});

export const resultsRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/results.csv',
  tags: ['results'],
  operationId: 'getResults',
  summary: 'The results sheet as it stands now',
  description: 'The columns of the sheet, then ours; it can be sent as a sheet again.',
  request: { params: runParam },
  responses: { 200: binary('UTF-8 with a byte order mark.', 'text/csv') },
});

const FILE_PROBLEMS = ['not-found', 'invalid', 'range-not-satisfiable'] as const;

export const manifestRoute = defineRoute('runs:read', FILE_PROBLEMS, {
  method: 'get',
  path: '/v1/runs/{run}/manifest',
  tags: ['results'],
  operationId: 'getManifest',
  summary: 'Every delivered file with how it was made, once the run has ended',
  request: { params: runParam, query: downloadQuery },
  responses: {
    200: binary('The manifest.', 'application/json'),
    206: binary('A part of it.', 'application/json'),
    304: NOT_CHANGED,
  },
});

export const contactSheetRoute = defineRoute('runs:read', FILE_PROBLEMS, {
  method: 'get',
  path: '/v1/runs/{run}/contact-sheet',
  tags: ['results'],
  operationId: 'getContactSheet',
  summary: 'Up to 200 images of a run in one picture, once it has ended',
  request: { params: runParam, query: downloadQuery },
  responses: {
    200: binary('The contact sheet.', 'image/webp'),
    206: binary('A part of it.', 'image/webp'),
    304: NOT_CHANGED,
  },
});

export const contactPageRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/contact-page',
  tags: ['results'],
  operationId: 'getContactPage',
  summary: 'Leads to the contact sheet as a page for a browser',
  request: { params: runParam },
  responses: { 302: { description: 'Where it is.' } },
});

const name = z.string().min(1).max(255);

export const runFileRoute = defineRoute('runs:read', FILE_PROBLEMS, {
  method: 'get',
  path: '/v1/runs/{run}/files/{file}',
  tags: ['results'],
  operationId: 'getRunFile',
  summary: 'A file that the run has delivered',
  request: { params: runParam.extend({ file: name }), query: downloadQuery },
  responses: {
    200: binary('The file.', 'application/octet-stream'),
    206: binary('A part of it.', 'application/octet-stream'),
    304: NOT_CHANGED,
  },
});

export const runFolderFileRoute = defineRoute('runs:read', FILE_PROBLEMS, {
  method: 'get',
  path: '/v1/runs/{run}/files/{folder}/{file}',
  tags: ['results'],
  operationId: 'getRunFolderFile',
  summary: 'A file that the run has delivered into a folder',
  request: { params: runParam.extend({ folder: name, file: name }), query: downloadQuery },
  responses: {
    200: binary('The file.', 'application/octet-stream'),
    206: binary('A part of it.', 'application/octet-stream'),
    304: NOT_CHANGED,
  },
});
