/** Batches: one call for one model and its prompts. */
import { defineRoute, json } from '../define-route.ts';
import { batchSchema, newBatchSchema } from '../schemas/batch.ts';
import { z } from '../zod.ts';

export const createBatchRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'not-found', 'conflict', 'too-large'],
  {
    method: 'post',
    path: '/v1/batches',
    tags: ['batches'],
    operationId: 'createBatch',
    summary: 'Make the images of up to a batch of prompts',
    description:
      "One model, up to its maximum of prompts: 50 for GPT-Image 2.0, 30 for FLUX 1.1 Pro, 40 for Gemini's, 10 for Kling and Wan (`batch_maximum` of `/v1/models`). The call approves the spending: what it costs is in the answer.",
    request: {
      body: { required: true, ...json(newBatchSchema, 'The prompts, and how to make them.') },
    },
    responses: { 201: json(batchSchema, 'The batch; it is being worked on.') },
  },
);

export const getBatchRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/batches/{batch}',
  tags: ['batches'],
  operationId: 'getBatch',
  summary: 'How a batch stands, with its images',
  request: { params: z.object({ batch: z.string().max(64) }) },
  responses: { 200: json(batchSchema, 'The batch.') },
});
