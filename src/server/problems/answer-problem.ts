/** Turns whatever went wrong into a problem of the API; what was not meant to happen says no more than that. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { HTTPException } from 'hono/http-exception';
import { isAway } from '../../engine/index.ts';
import { PROBLEM_MEDIA_TYPE, PROBLEM_STATUS, type Problem } from '../../api/problem.ts';
import { PROBLEM_ADVICE } from '../../api/problem-advice.ts';
import {
  IllegalStateError,
  InputError,
  StorageError,
  UsageError,
} from '../../engine/core/errors.ts';
import type { AppContext } from '../app-env.ts';
import { answerOpenaiError, isBelowOpenai } from '../openai/answer-openai-error.ts';
import { ProblemError } from './problem-error.ts';
import { shortened } from './schema-problems.ts';

/** A database that is started again, or gives its place to another, is back within seconds. */
const AWAY_SECONDS = '1';

export function answerError(c: AppContext, thrown: unknown): Response {
  const error = inWords(c, thrown);
  if (isBelowOpenai(c.req.path)) return answerOpenaiError(c, error);
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
    title: PROBLEM_ADVICE[code].title,
    status,
    detail: message,
    problems: problems.map((each) => ({
      ...each,
      message: asSentence(each.message),
      ...(each.value !== undefined && { value: shortened(each.value) }),
    })),
    request_id: c.var.requestId,
  };
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'content-type': PROBLEM_MEDIA_TYPE,
    ...headers,
  });
}

/** The engine's messages have no full stop: the command line goes on behind them. */
function asSentence(message: string): string {
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

/** What can go wrong with any request, whatever it is about. */
function inWords(c: AppContext, thrown: unknown): unknown {
  if (hasLeft(thrown)) return cutOff(thrown);
  if (!isAway(thrown)) return thrown;
  c.var.log.warn({ reason: (thrown as Error).message }, 'the database is away');
  return new ProblemError('unavailable', 'The database is away for a moment. Ask again.', {
    headers: { 'retry-after': AWAY_SECONDS },
    cause: thrown,
  });
}

/** A client that goes away amid its body is no defect of ours: nobody reads the answer, but the log counts it. */
function hasLeft(error: unknown): boolean {
  return error instanceof Error && error.message === 'aborted' && 'code' in error;
}

function cutOff(cause: unknown): ProblemError {
  return new ProblemError('malformed-request', 'The body is cut off.', { cause });
}

function count(problems: number): string {
  return problems === 1 ? 'a problem' : `${problems} problems`;
}
