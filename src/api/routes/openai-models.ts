import { json } from '../define-route.ts';
import { openaiModelSchema } from '../schemas/openai-image.ts';
import { z } from '../zod.ts';
import { defineOpenaiRoute } from './openai-route.ts';

export const listOpenaiModelsRoute = defineOpenaiRoute('any-key', [], {
  method: 'get',
  path: '/openai/v1/models',
  operationId: 'listOpenaiModels',
  summary: 'Models that can be reached',
  responses: {
    200: json(
      z.object({ object: z.literal('list'), data: z.array(openaiModelSchema) }),
      'All of them.',
    ),
  },
});

export const getOpenaiModelRoute = defineOpenaiRoute('any-key', [], {
  method: 'get',
  path: '/openai/v1/models/{model}',
  operationId: 'getOpenaiModel',
  summary: 'A model',
  request: { params: z.object({ model: z.string().max(100) }) },
  responses: { 200: json(openaiModelSchema, 'The model.') },
});
