/** Whatever went wrong below /openai, as OpenAI's clients read it: https://platform.openai.com/docs/guides/error-codes */
import { HTTPException } from 'hono/http-exception';
import { z } from '@hono/zod-openapi';
import type { ProblemCode } from '../../api/problem.ts';
import type { OpenaiErrorBody } from '../../api/schemas/openai-image.ts';
import {
  IllegalStateError,
  InputError,
  type Problem,
  StorageError,
  UsageError,
} from '../../engine/core/errors.ts';
import type { AppContext } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { isMissing, messageOf, remedyOf } from '../problems/schema-problems.ts';
import { invalid, OpenaiError, type OpenaiErrorFacts } from './openai-error.ts';

/** A word of a message longer than this is cut. */
const LONGEST_MESSAGE = 2_000;

export function isBelowOpenai(path: string): boolean {
  return path === '/openai' || path.startsWith('/openai/');
}

export function answerOpenaiError(c: AppContext, error: unknown): Response {
  const facts = factsOf(error);
  if (facts.status >= 500 && !(error instanceof OpenaiError)) {
    c.var.log.error({ err: error }, 'a request broke');
  }
  const headers = error instanceof ProblemError ? error.headers : {};
  return c.body(JSON.stringify(openaiErrorBody(facts)), facts.status as 500, {
    'content-type': 'application/json',
    ...headers,
    ...headersOf(facts),
  });
}

export function openaiErrorBody({
  message,
  type,
  code,
  param,
  run,
}: OpenaiErrorFacts): OpenaiErrorBody {
  return {
    error: {
      message: message.slice(0, LONGEST_MESSAGE),
      type,
      param: param ?? null,
      code,
      ...(run !== undefined && { run }),
    },
  };
}

function headersOf({
  run,
  mayRepeat,
  retryAfterSeconds,
}: OpenaiErrorFacts): Record<string, string> {
  return {
    ...(run !== undefined && { 'x-imagemill-run': run }),
    ...(mayRepeat !== undefined && { 'x-should-retry': String(mayRepeat) }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
}

/** The error as OpenAI would tell it. What was not meant to happen says no more than that. */
export function factsOf(error: unknown): OpenaiErrorFacts {
  if (error instanceof OpenaiError) return error.facts;
  if (error instanceof z.ZodError) return schemaFault(error).facts;
  if (error instanceof ProblemError) return factsOfProblem(error);
  if (error instanceof InputError) return sheetFault(error.problems).facts;
  if (error instanceof UsageError)
    return invalid(undefined, 'invalid_request', error.message).facts;
  if (error instanceof IllegalStateError) return facts(409, 'conflict', error.message);
  if (error instanceof StorageError) {
    return facts(503, 'storage_unavailable', 'The store cannot take or give this now.');
  }
  if (error instanceof HTTPException) {
    return error.status === 413
      ? facts(413, 'too_large', error.message)
      : facts(400, 'malformed_request', error.message || 'The request cannot be read.');
  }
  return facts(
    500,
    'internal_error',
    'Something of ours broke. The log has it under x-request-id.',
  );
}

function factsOfProblem(error: ProblemError): OpenaiErrorFacts {
  if (error.cause instanceof z.ZodError) return schemaFault(error.cause).facts;
  const [status, code] = OF_PROBLEM[error.code];
  const [first] = error.problems;
  const param = first?.field?.replace(/^(?:body|query|param|header)\.?/, '');
  const message = first === undefined ? error.message : `${first.message} ${first.remedy}`;
  return { ...facts(status, code, message), ...(param && { param }) };
}

function facts(status: number, code: string, message: string): OpenaiErrorFacts {
  const type =
    status >= 500
      ? 'server_error'
      : code === 'insufficient_quota'
        ? 'insufficient_quota'
        : status === 429
          ? 'requests'
          : 'invalid_request_error';
  return { status, type, code, message };
}

/** The first problem of a schema, in OpenAI's words. */
export function schemaFault(error: z.ZodError): OpenaiError {
  const [issue] = error.issues;
  if (issue === undefined) return invalid(undefined, 'invalid_request', 'The request is wrong.');
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const name = [path, issue.keys[0]].filter(Boolean).join('.');
    return invalid(name, 'unknown_parameter', `Unknown parameter: '${name}'.`);
  }
  const words = `${messageOf(issue)} ${remedyOf(issue)}`;
  if (path === '')
    return invalid(undefined, 'invalid_request', `The body cannot be used. ${words}`);
  if (isMissing(issue)) {
    return invalid(
      path,
      'missing_required_parameter',
      `Missing required parameter: '${path}'. ${remedyOf(issue)}`,
    );
  }
  return invalid(path, 'invalid_value', `Invalid value for '${path}'. ${words}`);
}

/** Parameters by the columns that they become. */
const PARAM_OF: Readonly<Record<string, string>> = { count: 'n' };

/** What planning says against a row. */
export function sheetFault(problems: readonly Problem[]): OpenaiError {
  const [first] = problems;
  const column = first?.column;
  const text = problems.map(({ message, remedy }) => `${message}. ${remedy}`).join(' ');
  return invalid(column && (PARAM_OF[column] ?? column), 'invalid_value', text);
}

const OF_PROBLEM: Readonly<Record<ProblemCode, readonly [status: number, code: string]>> = {
  'malformed-request': [400, 'malformed_request'],
  unauthenticated: [401, 'invalid_api_key'],
  forbidden: [403, 'insufficient_permissions'],
  'not-found': [404, 'not_found'],
  'method-not-allowed': [405, 'method_not_allowed'],
  'not-acceptable': [400, 'not_acceptable'],
  conflict: [409, 'conflict'],
  gone: [404, 'gone'],
  'precondition-failed': [400, 'precondition_failed'],
  'too-large': [413, 'too_large'],
  'unsupported-media-type': [415, 'unsupported_media_type'],
  'range-not-satisfiable': [416, 'range_not_satisfiable'],
  invalid: [400, 'invalid_value'],
  'idempotency-mismatch': [400, 'idempotency_mismatch'],
  'too-many-requests': [429, 'rate_limit_exceeded'],
  'checksum-mismatch': [400, 'checksum_mismatch'],
  internal: [500, 'internal_error'],
  unavailable: [503, 'unavailable'],
};
