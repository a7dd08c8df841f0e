/** Routes below /openai are OpenAI's own: their errors have its shape, and not that of a problem. */
import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { Access } from '../define-route.ts';
import { openaiErrorSchema } from '../schemas/openai-image.ts';

/** Every route may answer so. */
const ALWAYS = [400, 401, 403, 404, 413, 415, 429, 500, 503] as const;

/** `statuses`: of errors beside those that every route may have. */
export function defineOpenaiRoute<const Route extends RouteConfig, const Who extends Access>(
  access: Who,
  statuses: readonly number[],
  route: Route,
) {
  const errors = Object.fromEntries(
    [...ALWAYS, ...statuses].map((status) => [
      status,
      {
        description: 'An error as OpenAI tells it.',
        content: { 'application/json': { schema: openaiErrorSchema } },
      },
    ]),
  );
  return createRoute({
    ...route,
    tags: ['openai'],
    'x-access': access,
    ...(access !== 'public' && { security: [{ key: [] }, { session: [] }] }),
    responses: { ...errors, ...route.responses } as Route['responses'],
  } as Route & { readonly 'x-access': Who });
}
