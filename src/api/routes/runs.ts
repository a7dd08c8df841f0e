/** Runs: made, listed, looked at, changed, and what may be done with them. */
import { MOST_PER_PAGE, pageOf, pageQuery } from '../page.ts';
import { defineRoute, json } from '../define-route.ts';
import { RUN_STATES } from '../../engine/core/run.ts';
import { retryPlanSchema } from '../schemas/plan.ts';
import { changedSettingsSchema } from '../schemas/run-settings.ts';
import { LISTED_ORIGINS, newRunSchema, runSchema, runSummarySchema } from '../schemas/runs.ts';
import { sheetForm } from '../sheet-form.ts';
import { z } from '../zod.ts';

export const runParam = z.object({ run: z.string().min(1).max(64) });

export const createRunRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'conflict', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/runs',
    tags: ['runs'],
    operationId: 'createRun',
    summary: 'Make a run',
    description:
      'From rows or prompts in JSON, or from a sheet in any format that the command line reads, with its pictures. All problems of a sheet come at once, each with its line, and nothing is kept then. Without `approve` the run waits, unless it costs nothing. One that the credits do not cover is made too: it becomes `stopped`, with the reason `credits` (it goes on when some come) or `budget`.',
    request: {
      body: {
        description: 'Rows and settings, or a form with a sheet.',
        content: {
          'application/json': { schema: newRunSchema },
          'multipart/form-data': { schema: sheetForm({ isRun: true }) },
        },
      },
    },
    responses: { 201: json(runSchema, 'The run; it is being worked on, or waits for approval.') },
  },
);

const listQuery = pageQuery.extend({
  state: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: `One or several of ${RUN_STATES.join(', ')}, with commas.` }),
  origin: z
    .string()
    .max(200)
    .optional()
    .openapi({
      description: `One or several of ${LISTED_ORIGINS.join(', ')}, with commas. Default: all but \`request\`.`,
    }),
  search: z.string().min(1).max(200).optional().openapi({ description: 'A part of the title.' }),
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .openapi({ description: 'Made then or later.' }),
});

export const listRunsRoute = defineRoute('runs:read', ['invalid'], {
  method: 'get',
  path: '/v1/runs',
  tags: ['runs'],
  operationId: 'listRuns',
  summary: 'Runs, newest first',
  request: { query: listQuery },
  responses: { 200: json(pageOf(runSummarySchema), `At most ${MOST_PER_PAGE} of them.`) },
});

export const getRunRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/runs/{run}',
  tags: ['runs'],
  operationId: 'getRun',
  summary: 'How a run stands',
  request: { params: runParam },
  responses: { 200: json(runSchema, 'The run.') },
});

export const changeRunRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'not-found', 'unsupported-media-type', 'too-large'],
  {
    method: 'patch',
    path: '/v1/runs/{run}',
    tags: ['runs'],
    operationId: 'changeRun',
    summary: "Change a run's title or bounds",
    description:
      'Budgets hold at once; pace, breaker and recipe when the run is next taken up (after `pause` and `resume`). A run that rests goes on by `resume`.',
    request: {
      params: runParam,
      body: { required: true, ...json(changedSettingsSchema, 'What is to be changed.') },
    },
    responses: { 200: json(runSchema, 'The run.') },
  },
);

const ACTION_PROBLEMS = ['not-found', 'conflict'] as const;

export const approveRunRoute = defineRoute('runs:write', ACTION_PROBLEMS, {
  method: 'post',
  path: '/v1/runs/{run}/approve',
  tags: ['runs'],
  operationId: 'approveRun',
  summary: 'Agree to what a run costs, or to the rest of it after its proof',
  request: { params: runParam },
  responses: { 200: json(runSchema, 'The run; it goes on.') },
});

export const pauseRunRoute = defineRoute('runs:write', ACTION_PROBLEMS, {
  method: 'post',
  path: '/v1/runs/{run}/pause',
  tags: ['runs'],
  operationId: 'pauseRun',
  summary: 'Send nothing more until it is resumed',
  description: 'What is in flight ends first. A run that is paused stays so.',
  request: { params: runParam },
  responses: { 202: json(runSchema, 'The run; it pauses when nothing is in flight.') },
});

export const resumeRunRoute = defineRoute('runs:write', ACTION_PROBLEMS, {
  method: 'post',
  path: '/v1/runs/{run}/resume',
  tags: ['runs'],
  operationId: 'resumeRun',
  summary: 'Go on with a run that was paused or has stopped',
  request: { params: runParam },
  responses: { 200: json(runSchema, 'The run; it goes on.') },
});

export const cancelRunRoute = defineRoute('runs:write', ACTION_PROBLEMS, {
  method: 'post',
  path: '/v1/runs/{run}/cancel',
  tags: ['runs'],
  operationId: 'cancelRun',
  summary: 'Give up what is not made yet',
  description: 'What a vendor has is stopped, or taken and paid where it is made already.',
  request: { params: runParam },
  responses: { 202: json(runSchema, 'The run; it is cancelled when nothing is in flight.') },
});

const retrySchema = z
  .strictObject({
    states: z
      .array(z.enum(['failed', 'refused', 'unknown']))
      .min(1)
      .max(3),
    rewrite: z.string().min(1).max(32_000).optional().openapi({
      description:
        'The new prompt, with {prompt}, {name}, {row} and {COLUMN} for what the row has.',
      example: '{prompt}, in a quiet style',
    }),
    model: z.string().min(1).max(200).optional(),
    plan: z.boolean().default(false).openapi({
      description: 'Changes nothing, and tells what it would cost.',
    }),
  })
  .refine(
    ({ states, rewrite, model }) =>
      !states.includes('unknown') || (rewrite === undefined && model === undefined),
    'What is unknown may have been made as it was: rewrite and model go with refused and failed only.',
  )
  .openapi('Retry');

export const retryRunRoute = defineRoute(
  'runs:write',
  [...ACTION_PROBLEMS, 'malformed-request', 'invalid', 'unsupported-media-type', 'too-large'],
  {
    method: 'post',
    path: '/v1/runs/{run}/retry',
    tags: ['runs'],
    operationId: 'retryRun',
    summary: 'Make again what ended badly',
    description:
      'As it was, with other words, or with another model. Agrees to what that costs; `plan` tells it first.',
    request: {
      params: runParam,
      body: { required: true, ...json(retrySchema, 'What to make again, and how.') },
    },
    responses: {
      200: json(
        z.object({ plan: retryPlanSchema, run: runSchema }).openapi('RetriedRun'),
        'What is made again, and the run.',
      ),
    },
  },
);
