/** A shared page as its visitor sees it: no key, only the secret of its link. */
import { MOST_PER_PAGE, pageOf, pageQuery } from '../page.ts';
import { defineRoute, json } from '../define-route.ts';
import {
  newMarkSchema,
  sharedItemParam,
  sharedItemSchema,
  sharedParam,
  sharedSchema,
} from '../schemas/shares.ts';
import { clientMarkSchema } from '../schemas/reviews.ts';
import { binary } from './images.ts';
import { z } from '../zod.ts';

/** Without the secret, with a wrong one, and after the end. */
const VISITOR = ['unauthenticated', 'gone'] as const;
const NOT_CHANGED = { description: 'What the client has is still right.' };

export const openSharedRoute = defineRoute('public', VISITOR, {
  method: 'post',
  path: '/v1/shared/{share}/open',
  tags: ['shares'],
  operationId: 'openShared',
  summary: 'Open a shared page with the secret of its link',
  description:
    'Send it as `Authorization: Bearer shr_…`. Sets a cookie that no script can read, which is good for this page alone and as long as the page is.',
  request: { params: sharedParam },
  responses: { 200: json(sharedSchema, 'The page.') },
});

export const getSharedRoute = defineRoute('public', VISITOR, {
  method: 'get',
  path: '/v1/shared/{share}',
  tags: ['shares'],
  operationId: 'getShared',
  summary: 'What a shared page is about',
  request: { params: sharedParam },
  responses: { 200: json(sharedSchema, 'The page.') },
});

export const sharedItemsRoute = defineRoute('public', [...VISITOR, 'invalid'], {
  method: 'get',
  path: '/v1/shared/{share}/items',
  tags: ['shares'],
  operationId: 'listSharedItems',
  summary: 'Images of a shared page, in the order of the sheet',
  request: { params: sharedParam, query: pageQuery },
  responses: { 200: json(pageOf(sharedItemSchema), `At most ${MOST_PER_PAGE} of them.`) },
});

const PICTURE_PROBLEMS = [...VISITOR, 'not-found', 'invalid', 'range-not-satisfiable'] as const;

export const sharedImageRoute = defineRoute('public', PICTURE_PROBLEMS, {
  method: 'get',
  path: '/v1/shared/{share}/items/{item}/image',
  tags: ['shares'],
  operationId: 'getSharedImage',
  summary: 'An image of a shared page, to be looked at',
  description:
    'Up to 2560 pixels on its longest side, and without what is written into files: no prompt, no maker. It is asked for again each time, so that nothing is shown after the end.',
  request: { params: sharedItemParam },
  responses: {
    200: binary('A WebP.', 'image/webp'),
    206: binary('A part of it.', 'image/webp'),
    304: NOT_CHANGED,
  },
});

export const sharedThumbnailRoute = defineRoute('public', PICTURE_PROBLEMS, {
  method: 'get',
  path: '/v1/shared/{share}/items/{item}/thumbnail',
  tags: ['shares'],
  operationId: 'getSharedThumbnail',
  summary: 'An image of a shared page, small',
  request: {
    params: sharedItemParam,
    query: z.object({
      width: z.coerce.number().int().min(16).max(1_280).default(360).openapi({
        description: 'Pixels of the longest side: the next size that is made is given.',
      }),
    }),
  },
  responses: {
    200: binary('A WebP.', 'image/webp'),
    206: binary('A part of it.', 'image/webp'),
    304: NOT_CHANGED,
  },
});

export const markSharedRoute = defineRoute(
  'public',
  [
    ...VISITOR,
    'forbidden',
    'malformed-request',
    'invalid',
    'not-found',
    'unsupported-media-type',
    'too-large',
  ],
  {
    method: 'put',
    path: '/v1/shared/{share}/items/{item}/mark',
    tags: ['shares'],
    operationId: 'markShared',
    summary: 'Approve or reject an image of a shared page',
    description: 'Where the page takes marks. With neither mark nor note, both are taken back.',
    request: {
      params: sharedItemParam,
      body: { required: true, ...json(newMarkSchema, 'What the visitor says.') },
    },
    responses: { 200: json(clientMarkSchema.nullable(), 'What is said now; null: nothing.') },
  },
);
