import { defineRoute, json } from '../define-route.ts';
import { usageQuery, usageSchema } from '../schemas/usage.ts';
import { csvContent } from './credits.ts';

const usageContent = json(usageSchema, 'What was made and paid.');

export const getUsageRoute = defineRoute('credits:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/usage',
  tags: ['credits'],
  operationId: 'getUsage',
  summary: 'Images, credits and dollars by day, model, key or run',
  description: 'Counted at the moment at which a request ended. Credits are those of the ledger.',
  request: { query: usageQuery },
  responses: { 200: { ...usageContent, content: { ...usageContent.content, ...csvContent } } },
});
