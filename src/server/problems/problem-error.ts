/** An answer that is a problem: thrown by handlers, turned into RFC 9457 in one place. */
import type { ProblemCode, ProblemDetail } from '../../api/problem.ts';

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly problems: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      readonly problems?: readonly ProblemDetail[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.problems = more.problems ?? [];
    this.headers = more.headers ?? {};
  }
}

/** There is no such thing, or it is another workspace's: the answer does not tell which. */
export function notFound(what: string, advice?: string): ProblemError {
  return new ProblemError(
    'not-found',
    [`There is no ${what} here.`, advice].filter(Boolean).join(' '),
  );
}
