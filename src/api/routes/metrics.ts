import { defineRoute } from '../define-route.ts';
import { z } from '../zod.ts';

export const metricsRoute = defineRoute('operate', [], {
  method: 'get',
  path: '/metrics',
  tags: ['system'],
  operationId: 'metrics',
  summary: 'Figures for Prometheus; a second port without a key: --metrics-port',
  responses: {
    200: {
      description: 'The text format of Prometheus, 0.0.4.',
      content: { 'text/plain': { schema: z.string() } },
    },
  },
});
