/** The processes on the store, for whoever operates it. */
import { defineRoute, json } from '../define-route.ts';
import { workersSchema } from '../schemas/workers.ts';

export const listWorkersRoute = defineRoute('operate', [], {
  method: 'get',
  path: '/v1/workers',
  tags: ['system'],
  operationId: 'listWorkers',
  summary: 'Servers and workers on the store: what they take, their load, and what nobody takes',
  description:
    'A process tells its load with each sign of life: every 15 seconds with a lease of 60.',
  responses: { 200: json(workersSchema, 'All of them, and their sums.') },
});
