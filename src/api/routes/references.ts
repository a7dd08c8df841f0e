/** References: pictures that are kept under names. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  addedReferenceSchema,
  newReferenceSchema,
  referenceChangeSchema,
  referenceFitsSchema,
  referenceNameSchema,
  referenceSchema,
} from '../schemas/reference.ts';
import { z } from '../zod.ts';

const nameParam = z.object({ name: referenceNameSchema });

const picture = (description: string) => ({
  description,
  content: { 'image/*': { schema: { type: 'string' as const, format: 'binary' as const } } },
});

export const listReferencesRoute = defineRoute('runs:read', [], {
  method: 'get',
  path: '/v1/references',
  tags: ['references'],
  operationId: 'listReferences',
  summary: 'Pictures that are kept under names',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(referenceSchema), 'By name.') },
});

export const addReferenceRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'conflict', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/references',
    tags: ['references'],
    operationId: 'addReference',
    summary: 'Keep a picture under a name, or give the name another one',
    description:
      'A form with `name` and the file `picture`; or JSON with `name` and `source`, an http(s) address, or `upload`. Runs that are planned already keep the picture that they were planned with.',
    request: {
      body: {
        required: false,
        content: {
          ...json(newReferenceSchema, '').content,
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['name', 'picture'],
              properties: {
                name: { type: 'string', example: 'hero' },
                picture: { type: 'string', format: 'binary' },
              },
            },
          },
        },
      },
    },
    responses: { 201: json(addedReferenceSchema, 'It is kept.') },
  },
);

export const getReferenceRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/references/{name}',
  tags: ['references'],
  operationId: 'getReference',
  summary: 'What is known of a reference',
  request: { params: nameParam },
  responses: { 200: json(referenceSchema, 'The reference.') },
});

export const getReferencePictureRoute = defineRoute(
  'runs:read',
  ['not-found', 'gone', 'range-not-satisfiable'],
  {
    method: 'get',
    path: '/v1/references/{name}/picture',
    tags: ['references'],
    operationId: 'getReferencePicture',
    summary: 'The picture of a reference, as it was given',
    request: { params: nameParam },
    responses: {
      200: picture('The picture.'),
      206: picture('The part of it that was asked for.'),
      304: { description: 'It has not changed.' },
    },
  },
);

/** With the hash that the reference has now, the answer never changes. */
const hashQuery = z.object({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'A hash has 64 hex digits.')
    .optional()
    .openapi({ description: 'Of the reference: browsers keep the answer while it is the same.' }),
});

export const referenceThumbnailRoute = defineRoute('runs:read', ['not-found', 'invalid', 'gone'], {
  method: 'get',
  path: '/v1/references/{name}/thumbnail',
  tags: ['references'],
  operationId: 'getReferenceThumbnail',
  summary: 'The picture of a reference, small',
  request: {
    params: nameParam,
    query: hashQuery.extend({
      width: z.coerce.number().int().min(16).max(1_280).default(360).openapi({
        description: 'Pixels of the longest side: the next size that is made is given.',
      }),
    }),
  },
  responses: {
    200: {
      description: 'A WebP.',
      content: { 'image/webp': { schema: { type: 'string', format: 'binary' } } },
    },
    304: { description: 'It has not changed.' },
  },
});

export const getReferenceFitRoute = defineRoute('runs:read', ['not-found', 'gone'], {
  method: 'get',
  path: '/v1/references/{name}/fit',
  tags: ['references'],
  operationId: 'getReferenceFit',
  summary: 'What each model makes of a reference',
  description:
    'Every model that takes references: whether it takes this one as it is, what a fitted copy would be, or why it cannot be used. A plan decides by the same rules; where bytes are what is too many, the copy may be smaller still.',
  request: { params: nameParam },
  responses: { 200: json(referenceFitsSchema, 'Models in the order of the catalog.') },
});

export const changeReferenceRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'not-found', 'conflict'],
  {
    method: 'patch',
    path: '/v1/references/{name}',
    tags: ['references'],
    operationId: 'changeReference',
    summary: 'Give a picture another name',
    description:
      'Runs that are planned already keep their pictures. A name that is taken is refused.',
    request: { params: nameParam, body: { required: true, ...json(referenceChangeSchema, '') } },
    responses: { 200: json(referenceSchema, 'The reference under its new name.') },
  },
);

export const restoreReferenceRoute = defineRoute('runs:write', ['not-found', 'conflict'], {
  method: 'post',
  path: '/v1/references/{name}/restore',
  tags: ['references'],
  operationId: 'restoreReference',
  summary: 'Bring a reference back that was removed less than a day ago',
  request: { params: nameParam },
  responses: { 200: json(referenceSchema, 'It is there again.') },
});

export const removeReferenceRoute = defineRoute('runs:write', ['not-found'], {
  method: 'delete',
  path: '/v1/references/{name}',
  tags: ['references'],
  operationId: 'removeReference',
  summary: 'Forget a name; what is planned with it keeps its picture',
  description: 'It can be brought back for a day.',
  request: { params: nameParam },
  responses: { 204: { description: 'It is no name any more.' } },
});
