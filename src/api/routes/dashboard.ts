/** The dashboard: how a workspace stands, at one look. */
import { defineRoute, json } from '../define-route.ts';
import { dashboardQuery, dashboardSchema, detailSchema } from '../schemas/dashboard.ts';

export const getDashboardRoute = defineRoute('runs:read', ['invalid'], {
  method: 'get',
  path: '/v1/dashboard',
  tags: ['dashboard'],
  operationId: 'getDashboard',
  summary: 'Balance, the hour, usage, costs, outcomes, lanes and runs',
  description: 'Credits, usage and costs are null for keys without the scope `credits:read`.',
  request: { query: dashboardQuery },
  responses: { 200: json(dashboardSchema, 'How the workspace stands.') },
});

export const getDetailRoute = defineRoute('runs:read', [], {
  method: 'get',
  path: '/v1/dashboard/detail',
  tags: ['dashboard'],
  operationId: 'getDetailByPlace',
  summary: 'Whether pictures lose detail with their place in the queue',
  description: 'By model, over the newest 20 runs. What was judged is kept until a run changes.',
  responses: { 200: json(detailSchema, 'The models of those runs.') },
});
