/** API keys of a workspace. Operators keep those of every workspace. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf } from '../page.ts';
import {
  issuedKeySchema,
  keyChangeSchema,
  keySchema,
  keysQuery,
  newKeySchema,
  rotationSchema,
} from '../schemas/keys.ts';
import { z } from '../zod.ts';

const keyParam = z.object({ key: z.string().max(64) });

export const listKeysRoute = defineRoute('workspace:manage', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/keys',
  tags: ['keys'],
  operationId: 'listKeys',
  summary: 'The keys of the workspace, the newest first',
  request: { query: keysQuery },
  responses: { 200: json(pageOf(keySchema), 'A page of them; revoked ones as well.') },
});

export const createKeyRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'not-found', 'too-large'],
  {
    method: 'post',
    path: '/v1/keys',
    tags: ['keys'],
    operationId: 'createKey',
    summary: 'Make a key',
    description: 'It may do no more than the calling key. Its secret is told in this answer only.',
    request: { body: { required: true, ...json(newKeySchema, 'What it may do.') } },
    responses: { 201: json(issuedKeySchema, 'The key, with its secret.') },
  },
);

export const getKeyRoute = defineRoute('workspace:manage', ['not-found'], {
  method: 'get',
  path: '/v1/keys/{key}',
  tags: ['keys'],
  operationId: 'getKey',
  summary: 'One key',
  request: { params: keyParam },
  responses: { 200: json(keySchema, 'The key.') },
});

export const changeKeyRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large'],
  {
    method: 'patch',
    path: '/v1/keys/{key}',
    tags: ['keys'],
    operationId: 'changeKey',
    summary: 'Rename a key, or change its role, its end or its budget',
    request: {
      params: keyParam,
      body: { required: true, ...json(keyChangeSchema, 'What changes; null takes it away.') },
    },
    responses: { 200: json(keySchema, 'The key as it is now.') },
  },
);

export const revokeKeyRoute = defineRoute('workspace:manage', ['not-found'], {
  method: 'delete',
  path: '/v1/keys/{key}',
  tags: ['keys'],
  operationId: 'revokeKey',
  summary: 'Revoke a key',
  description:
    'From now on it opens nothing, and the sessions begun with it have ended; other processes of the same service notice within seconds. Runs made with it go on.',
  request: { params: keyParam },
  responses: { 200: json(keySchema, 'The revoked key.') },
});

export const rotateKeyRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/keys/{key}/rotate',
    tags: ['keys'],
    operationId: 'rotateKey',
    summary: 'Give a key another secret',
    description:
      'Its id, rights, budget and runs stay. The secret so far may be used for `keep_old_seconds`, one before it not any more.',
    request: {
      params: keyParam,
      body: { required: true, ...json(rotationSchema, 'What becomes of the secret so far.') },
    },
    responses: { 200: json(issuedKeySchema, 'The key, with its new secret.') },
  },
);
