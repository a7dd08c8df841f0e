/** Pages for a client's approval: what their owner does with them. */
import { pageOf, pageQuery } from '../page.ts';
import { defineRoute, json } from '../define-route.ts';
import { reviewedManySchema } from '../schemas/reviews.ts';
import {
  issuedShareSchema,
  newShareSchema,
  shareMarkSchema,
  shareParam,
  shareSchema,
} from '../schemas/shares.ts';
import { runParam } from './runs.ts';

export const createShareRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'unsupported-media-type', 'too-large'],
  {
    method: 'post',
    path: '/v1/runs/{run}/shares',
    tags: ['shares'],
    operationId: 'createShare',
    summary: "Share a run's images with somebody who has no key",
    description:
      'The page shows delivered images, without credits, prices, models and keys. Whoever has the link may look, and mark them where that is allowed, until it expires or is revoked.',
    request: {
      params: runParam,
      body: { required: true, ...json(newShareSchema, 'What it shows and allows.') },
    },
    responses: { 201: json(issuedShareSchema, 'The page, with its link.') },
  },
);

export const listSharesRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/shares',
  tags: ['shares'],
  operationId: 'listShares',
  summary: 'Shared pages of a run, newest first',
  request: { params: runParam },
  responses: { 200: json(pageOf(shareSchema), 'All of them.') },
});

export const revokeShareRoute = defineRoute('runs:write', ['not-found'], {
  method: 'delete',
  path: '/v1/runs/{run}/shares/{share}',
  tags: ['shares'],
  operationId: 'revokeShare',
  summary: 'Show a shared page to nobody any more',
  description: 'At once, also to whoever has it open. Its marks stay.',
  request: { params: shareParam },
  responses: { 200: json(shareSchema, 'The page.') },
});

export const shareMarksRoute = defineRoute('runs:read', ['not-found', 'invalid'], {
  method: 'get',
  path: '/v1/runs/{run}/shares/{share}/marks',
  tags: ['shares'],
  operationId: 'listShareMarks',
  summary: 'What visitors of a shared page said, in the order of the sheet',
  request: { params: shareParam, query: pageQuery },
  responses: { 200: json(pageOf(shareMarkSchema), 'A page of it.') },
});

export const takeOverRoute = defineRoute('runs:write', ['not-found'], {
  method: 'post',
  path: '/v1/runs/{run}/shares/{share}/take-over',
  tags: ['shares'],
  operationId: 'takeMarksOver',
  summary: "Make the visitors' marks the verdicts of the workspace",
  description:
    'What was approved is kept, what was rejected is rejected, each with its note where the workspace has written none. Everything else stays as it is.',
  request: { params: shareParam },
  responses: { 200: json(reviewedManySchema, 'How many were changed, and what undoes it.') },
});
