/** What an item was made after: the pictures that its run was planned with, whatever became of their names. */
import { defineRoute, json } from '../define-route.ts';
import { itemParam } from '../schemas/items.ts';
import { itemReferenceSchema } from '../schemas/reference.ts';
import { z } from '../zod.ts';
import { binary } from './images.ts';

const NOT_CHANGED = { description: 'What the client has is still right.' };

const oneParam = itemParam.extend({
  number: z.coerce.number().int().min(1).max(1_000).openapi({
    description: 'Place among the references of the item, counted from 1.',
  }),
});

export const listItemReferencesRoute = defineRoute('runs:read', ['not-found', 'invalid'], {
  method: 'get',
  path: '/v1/runs/{run}/items/{item}/references',
  tags: ['items'],
  operationId: 'listItemReferences',
  summary: 'The pictures that an item is made after',
  request: { params: itemParam },
  responses: {
    200: json(z.object({ data: z.array(itemReferenceSchema) }), 'In their order; none: empty.'),
  },
});

export const itemReferencePictureRoute = defineRoute(
  'runs:read',
  ['not-found', 'invalid', 'gone', 'range-not-satisfiable'],
  {
    method: 'get',
    path: '/v1/runs/{run}/items/{item}/references/{number}/picture',
    tags: ['items'],
    operationId: 'getItemReferencePicture',
    summary: 'A picture that an item is made after, as it was given',
    request: { params: oneParam },
    responses: {
      200: binary('The picture.', 'image/*'),
      206: binary('A part of it.', 'image/*'),
      304: NOT_CHANGED,
    },
  },
);

export const itemReferenceThumbnailRoute = defineRoute(
  'runs:read',
  ['not-found', 'invalid', 'gone'],
  {
    method: 'get',
    path: '/v1/runs/{run}/items/{item}/references/{number}/thumbnail',
    tags: ['items'],
    operationId: 'getItemReferenceThumbnail',
    summary: 'A picture that an item is made after, small',
    request: {
      params: oneParam,
      query: z.object({
        width: z.coerce.number().int().min(16).max(1_280).default(360).openapi({
          description: 'Pixels of the longest side: the next size that is made is given.',
        }),
      }),
    },
    responses: { 200: binary('A WebP.', 'image/webp'), 304: NOT_CHANGED },
  },
);
