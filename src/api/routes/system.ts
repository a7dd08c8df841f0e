import { defineRoute, json } from '../define-route.ts';
import { z } from '../zod.ts';

const standingSchema = z.object({
  status: z.enum(['ok', 'starting', 'draining']),
  version: z.string(),
});

export const healthRoute = defineRoute('public', [], {
  method: 'get',
  path: '/healthz',
  tags: ['system'],
  operationId: 'health',
  summary: 'Whether the process lives',
  responses: { 200: json(standingSchema, 'It does.') },
});

export const readyRoute = defineRoute('public', ['unavailable'], {
  method: 'get',
  path: '/readyz',
  tags: ['system'],
  operationId: 'ready',
  summary: 'Whether it takes work: its store answers, and it is not being stopped',
  responses: { 200: json(standingSchema, 'It does.') },
});
