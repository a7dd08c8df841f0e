import { defineRoute, json } from '../define-route.ts';
import { newRunSchema, runSchema } from '../schemas/run.ts';
import { z } from '../zod.ts';

const runParam = z.object({ run: z.string().max(64) });

export const createRunRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'conflict', 'too-large', 'insufficient-credits'],
  {
    method: 'post',
    path: '/v1/runs',
    tags: ['runs'],
    operationId: 'createRun',
    summary: 'Make a run',
    request: { body: { required: true, ...json(newRunSchema, 'Rows and settings.') } },
    responses: { 201: json(runSchema, 'The run; it is being worked on, or waits for approval.') },
  },
);

export const getRunRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}',
  tags: ['runs'],
  operationId: 'getRun',
  summary: 'How a run stands',
  request: { params: runParam },
  responses: { 200: json(runSchema, 'The run.') },
});
