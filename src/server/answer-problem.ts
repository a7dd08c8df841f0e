/** Turns whatever went wrong into a problem of the API; what was not meant to happen says no more than that. */
import type { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { HTTPException } from 'hono/http-exception';
import {
  PROBLEM_MEDIA_TYPE,
  PROBLEM_STATUS,
  type Problem,
  type ProblemCode,
  type ProblemDetail,
} from '../api/problem.ts';
import { IllegalStateError, InputError, StorageError, UsageError } from '../engine/core/errors.ts';
import type { AppContext } from './app-env.ts';
import { ProblemError } from './problem-error.ts';

/** Longer values are cut: a problem names what was found, and does not send it back whole. */
const LONGEST_VALUE = 120;

export function answerError(c: AppContext, error: unknown): Response {
  if (error instanceof ProblemError) return answerProblem(c, error);
  if (error instanceof InputError) {
    const problems = error.problems.map(({ file: _file, ...each }) => each);
    return answerProblem(
      c,
      new ProblemError('invalid', `The request has ${count(problems.length)}.`, { problems }),
    );
  }
  if (error instanceof UsageError)
    return answerProblem(c, new ProblemError('invalid', error.message));
  if (error instanceof IllegalStateError) {
    return answerProblem(c, new ProblemError('conflict', error.message));
  }
  if (error instanceof StorageError) {
    c.var.log.error({ err: error }, 'the disk failed');
    return answerProblem(
      c,
      new ProblemError('unavailable', 'The store cannot take or give this now.'),
    );
  }
  if (error instanceof HTTPException) {
    const code = error.status === 413 ? 'too-large' : 'malformed-request';
    return answerProblem(c, new ProblemError(code, error.message));
  }
  c.var.log.error({ err: error }, 'a request broke');
  return answerProblem(
    c,
    new ProblemError('internal', 'Something of ours broke. The log has it under this request id.'),
  );
}

export function answerProblem(
  c: AppContext,
  { code, message, problems, headers }: ProblemError,
): Response {
  const status = PROBLEM_STATUS[code];
  const body: Problem = {
    type: `/problems/${code}`,
    code,
    title: TITLES[code],
    status,
    detail: message,
    problems: problems.map((each) => ({
      ...each,
      ...(each.value !== undefined && { value: shortened(each.value) }),
    })),
    request_id: c.var.requestId,
  };
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'content-type': PROBLEM_MEDIA_TYPE,
    ...headers,
  });
}

/** What a schema found wrong, field by field. `place`: `body`, `query`, `param` or `header`. */
export function schemaProblems(place: string, error: z.ZodError): ProblemDetail[] {
  return error.issues.map((issue) => ({
    field: fieldOf(place, issue.path),
    ...('input' in issue && issue.input !== undefined && { value: shownValue(issue.input) }),
    message: issue.message,
    remedy: 'Correct it; the API document at /docs says what may stand here.',
  }));
}

function fieldOf(place: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, part) => (typeof part === 'number' ? `${field}[${part}]` : `${field}.${String(part)}`),
    place === 'json' || place === 'form' ? 'body' : place,
  );
}

function shownValue(value: unknown): string {
  return shortened(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
}

function shortened(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
}

function count(problems: number): string {
  return problems === 1 ? 'a problem' : `${problems} problems`;
}

const TITLES: Readonly<Record<ProblemCode, string>> = {
  'malformed-request': 'The request cannot be read',
  unauthenticated: 'A key is needed',
  'insufficient-credits': 'The credits do not reach',
  forbidden: 'This key may not do that',
  'not-found': 'There is no such thing',
  'method-not-allowed': 'This cannot be done here',
  'not-acceptable': 'Not in this form',
  conflict: 'Not in this state',
  gone: 'It is not kept any more',
  'too-large': 'Too large',
  'unsupported-media-type': 'Not in this form',
  'range-not-satisfiable': 'There is no such range',
  invalid: 'Something in the request is wrong',
  'idempotency-mismatch': 'This key belongs to another request',
  'too-many-requests': 'Too many requests',
  internal: 'Something broke',
  unavailable: 'Not now',
};
