import { defineRoute, json } from '../define-route.ts';
import { planSchema } from '../schemas/plan.ts';
import { newPlanSchema } from '../schemas/runs.ts';
import { sheetForm } from '../sheet-form.ts';

export const createPlanRoute = defineRoute(
  'runs:write',
  ['malformed-request', 'invalid', 'too-large', 'unsupported-media-type'],
  {
    method: 'post',
    path: '/v1/plans',
    tags: ['runs'],
    operationId: 'createPlan',
    summary: 'What a run would do and cost',
    description:
      'Spends nothing and keeps nothing. Give its `plan_hash` when the run is made: it is refused if the plan would be another then.',
    request: {
      body: {
        description: 'Rows and settings, or a form with a sheet.',
        content: {
          'application/json': { schema: newPlanSchema },
          'multipart/form-data': { schema: sheetForm({ isRun: false }) },
        },
      },
    },
    responses: { 200: json(planSchema, 'The plan.') },
  },
);
