/** References: pictures that are kept under names. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  addedReferenceSchema,
  newReferenceSchema,
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
      'A form with `name` and the file `picture`; or JSON with `name` and `source`, an http(s) address. Runs that are planned already keep the picture that they were planned with.',
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

export const removeReferenceRoute = defineRoute('runs:write', ['not-found'], {
  method: 'delete',
  path: '/v1/references/{name}',
  tags: ['references'],
  operationId: 'removeReference',
  summary: 'Forget a name; what is planned with it keeps its picture',
  request: { params: nameParam },
  responses: { 204: { description: 'It is no name any more.' } },
});
