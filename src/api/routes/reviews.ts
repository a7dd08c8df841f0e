/** What the workspace says of the images of a run: kept or rejected, stars, a note. */
import { defineRoute, json } from '../define-route.ts';
import { itemParam } from '../schemas/items.ts';
import {
  MOST_REVIEWED,
  reviewChangeSchema,
  reviewedManySchema,
  reviewManySchema,
  reviewSchema,
  reviewSummarySchema,
} from '../schemas/reviews.ts';
import { runParam } from './runs.ts';

const BODY_PROBLEMS = [
  'malformed-request',
  'invalid',
  'not-found',
  'unsupported-media-type',
  'too-large',
] as const;

export const reviewItemRoute = defineRoute('runs:write', [...BODY_PROBLEMS, 'conflict'], {
  method: 'put',
  path: '/v1/runs/{run}/items/{item}/review',
  tags: ['reviews'],
  operationId: 'reviewItem',
  summary: 'Say something of an image, or take it back',
  description:
    'Of delivered images, and of failed ones whose bytes were kept. It costs nothing, can be changed at any time, and stands in the results sheet. It goes when the image is made again: it was said of another one.',
  request: {
    params: itemParam,
    body: { required: true, ...json(reviewChangeSchema, 'What is to be changed.') },
  },
  responses: { 200: json(reviewSchema.nullable(), 'What is said now; null: nothing.') },
});

export const reviewManyRoute = defineRoute('runs:write', BODY_PROBLEMS, {
  method: 'post',
  path: '/v1/runs/{run}/reviews',
  tags: ['reviews'],
  operationId: 'reviewMany',
  summary: 'Say the same of many images',
  description: `Of up to ${MOST_REVIEWED} by their ids, or of all that a filter finds. Images that are not there yet, or of which it was said already, are left out.`,
  request: {
    params: runParam,
    body: { required: true, ...json(reviewManySchema, 'Which images, and what is said of them.') },
  },
  responses: { 200: json(reviewedManySchema, 'How many were changed, and what undoes it.') },
});

export const reviewSummaryRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/reviews/summary',
  tags: ['reviews'],
  operationId: 'getReviewSummary',
  summary: 'How far a run has been reviewed',
  request: { params: runParam },
  responses: { 200: json(reviewSummarySchema, 'Counts of its images.') },
});
