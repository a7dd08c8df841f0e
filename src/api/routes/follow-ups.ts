/** Runs from some items of another one: again with changes, or as finals. */
import { defineRoute, json } from '../define-route.ts';
import {
  followUpPlanSchema,
  newFollowUpPlanSchema,
  newFollowUpSchema,
} from '../schemas/follow-ups.ts';
import { runSchema } from '../schemas/runs.ts';
import { runParam } from './runs.ts';

const PROBLEMS = [
  'malformed-request',
  'invalid',
  'not-found',
  'too-large',
  'unsupported-media-type',
] as const;

export const planFollowUpRoute = defineRoute('runs:write', PROBLEMS, {
  method: 'post',
  path: '/v1/runs/{run}/follow-ups/plan',
  tags: ['runs'],
  operationId: 'planFollowUp',
  summary: 'What making some images again would cost',
  description:
    'Spends nothing and keeps nothing. Of finals it tells what they would cost for all delivered images beside those that were chosen.',
  request: {
    params: runParam,
    body: { required: true, ...json(newFollowUpPlanSchema, 'Which, and how.') },
  },
  responses: { 200: json(followUpPlanSchema, 'The plan.') },
});

export const createFollowUpRoute = defineRoute('runs:write', [...PROBLEMS, 'conflict'], {
  method: 'post',
  path: '/v1/runs/{run}/follow-ups',
  tags: ['runs'],
  operationId: 'createFollowUp',
  summary: 'Make some images of a run again, or as finals',
  description:
    'A new run with a row for each chosen image: its prompt, style, references and shape, changed as asked, and the columns `source_run`, `source_row` and `source_item`, which its results sheet has as well. The run it comes of stays as it is.',
  request: {
    params: runParam,
    body: { required: true, ...json(newFollowUpSchema, 'Which, and how.') },
  },
  responses: { 201: json(runSchema, 'The new run.') },
});
