/** Models with their prices, limits and bounds. */
import { defineRoute, json } from '../define-route.ts';
import { pageOf, pageQuery } from '../page.ts';
import { modelSchema, qualitySchema } from '../schemas/model.ts';
import { z } from '../zod.ts';

/** What `credits` and `usd` of the answer are for. */
const wantedQuery = z.object({
  size: z
    .string()
    .max(20)
    .default('1024x1024')
    .openapi({ description: 'Width and height in pixels.', example: '1024x1536' }),
  quality: qualitySchema.default('medium').openapi({
    description: 'The quality that prices are told for.',
  }),
});

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const listModelsRoute = defineRoute('runs:read', ['invalid'], {
  method: 'get',
  path: '/v1/models',
  tags: ['models'],
  operationId: 'listModels',
  summary: 'Models with prices, limits and bounds',
  description:
    'Every model of the catalog. `size` and `quality` say what `credits` and `usd` are for; the other words leave models out.',
  request: {
    query: pageQuery.extend({
      ...wantedQuery.shape,
      vendor: z
        .string()
        .max(100)
        .optional()
        .openapi({ description: 'Only models of this vendor.' }),
      available: flag.optional().openapi({
        type: 'string',
        description: '`true`: only those that can be used here, now. `false`: only the others.',
      }),
      makes_size: flag.optional().openapi({
        type: 'string',
        description: '`true`: only those that can make `size`.',
      }),
      lifecycle: z
        .enum(['active', 'deprecated', 'retired'])
        .optional()
        .openapi({ description: 'Only models that stand so with their vendor.' }),
      least_prompts: z.coerce.number().int().min(1).max(100_000).optional().openapi({
        description: 'Only models whose batch takes so many prompts.',
      }),
      least_references: z.coerce.number().int().min(0).max(1_000).optional().openapi({
        description: 'Only models that take so many references for an image.',
      }),
    }),
  },
  responses: { 200: json(pageOf(modelSchema), 'The cheapest first.') },
});

export const getModelRoute = defineRoute('runs:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/models/{model}',
  tags: ['models'],
  operationId: 'getModel',
  summary: 'One model',
  request: {
    params: z.object({ model: z.string().max(200).openapi({ example: 'gpt-image-2' }) }),
    query: wantedQuery,
  },
  responses: { 200: json(modelSchema, 'The model, by its id or an alias.') },
});
