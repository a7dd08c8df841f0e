/** Limits: what may be sent now, and what returns when. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import { limitSchema } from '../schemas/limit.ts';
import { z } from '../zod.ts';

export const listLimitsRoute = defineRoute('runs:read', ['not-found'], {
  method: 'get',
  path: '/v1/limits',
  tags: ['limits'],
  operationId: 'listLimits',
  summary: 'Every limit that applies to the workspace, and how it stands',
  description:
    "The workspace's own hour first, then the vendors' windows and slots of each model that can be used, by lane.",
  request: {
    query: pageQuery.extend({
      model: z.string().max(200).optional().openapi({
        description: "Only this model's limits, and the workspace's own.",
        example: 'gpt-image-2',
      }),
    }),
  },
  responses: { 200: json(pageOf(limitSchema), 'The limits.') },
});
