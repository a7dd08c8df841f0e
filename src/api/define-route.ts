/**
 * How a route of the API is written down: once, as data, from which the server checks requests, the OpenAPI
 * document is made, and the client takes its types.
 */
import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { Scope } from '../engine/core/workspace.ts';
import { PROBLEM_ADVICE } from './problem-advice.ts';
import {
  PROBLEM_MEDIA_TYPE,
  type Problem,
  type ProblemCode,
  type ProblemDetail,
  PROBLEM_STATUS,
  problemSchema,
} from './problem.ts';
import type { z } from './zod.ts';

/** What a caller needs: a scope, any key, or nothing at all. */
export type Access = Scope | 'any-key' | 'public';

/** A route with who may call it. */
export type ApiRoute = RouteConfig & { readonly 'x-access': Access };

/** Problems that every route may answer with, beside its own. */
const ALWAYS: readonly ProblemCode[] = ['internal', 'unavailable', 'too-many-requests'];
const WITH_A_KEY: readonly ProblemCode[] = ['unauthenticated', 'forbidden'];

/**
 * `problems`: the codes that this route may answer with, beside those that every route has. The answers of
 * success stand in `responses`.
 */
export function defineRoute<const Route extends RouteConfig, const Who extends Access>(
  access: Who,
  problems: readonly ProblemCode[],
  route: Route,
) {
  const codes = [...ALWAYS, ...(access === 'public' ? [] : WITH_A_KEY), ...problems];
  return createRoute({
    ...route,
    'x-access': access,
    ...(access !== 'public' && { security: [{ key: [] }, { session: [] }] }),
    responses: { ...problemResponses(codes), ...route.responses } as Route['responses'],
  } as Route & { readonly 'x-access': Who });
}

function problemResponses(codes: readonly ProblemCode[]): RouteConfig['responses'] {
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_STATUS[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: [...new Set(same)].map(described).join(' '),
        content: {
          [PROBLEM_MEDIA_TYPE]: {
            schema: problemSchema,
            examples: Object.fromEntries(same.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      },
    ]),
  );
}

function described(code: ProblemCode): string {
  return `\`${code}\`: ${PROBLEM_ADVICE[code].meaning}`;
}

function exampleOf(code: ProblemCode): Problem {
  const { title, meaning } = PROBLEM_ADVICE[code];
  return {
    type: `/problems/${code}`,
    code,
    title,
    status: PROBLEM_STATUS[code],
    detail: meaning,
    problems: code === 'invalid' ? [EXAMPLE_DETAIL] : [],
    request_id: '3f1d2c7e-8f0a-4b57-9a55-0c1f6f1f2a77',
  };
}

const EXAMPLE_DETAIL: ProblemDetail = {
  field: 'body.rows[3].size',
  value: '64x64',
  message: 'No model can make this size.',
  remedy: 'Ask for 256x256 or larger.',
};

/** A body of JSON, for requests and answers. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}
