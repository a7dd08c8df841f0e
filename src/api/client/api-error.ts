/** The one error of the client: what the API answered, or that it could not be reached. */
import type { Problem, ProblemCode, ProblemDetail } from '../problem.ts';

/** `unreachable`: no answer came. `unreadable`: one came that is not of this API. */
export type ApiErrorCode = ProblemCode | 'unreachable' | 'unreadable';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  /** 0: no answer came. */
  readonly status: number;
  /** Each field that was wrong, with its value and what to do; empty when there is none. */
  readonly problems: readonly ProblemDetail[];
  /** What the server answered, where it is a problem of the API. */
  readonly problem: Problem | undefined;
  /** The server's log has more under it. */
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    about: {
      readonly code: ApiErrorCode;
      readonly status: number;
      readonly problem?: Problem | undefined;
      readonly requestId?: string | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: about.cause });
    this.code = about.code;
    this.status = about.status;
    this.problem = about.problem;
    this.problems = about.problem?.problems ?? [];
    this.requestId = about.requestId;
    this.retryAfterMs = about.retryAfterMs;
  }
}

export async function errorOf(answer: Response): Promise<ApiError> {
  const problem = await problemOf(answer);
  const { status } = answer;
  return new ApiError(problem === undefined ? `The server answered ${status}.` : wordsOf(problem), {
    code: problem?.code ?? 'unreadable',
    status,
    problem,
    requestId: problem?.request_id ?? answer.headers.get('x-request-id') ?? undefined,
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
  });
}

async function problemOf(answer: Response): Promise<Problem | undefined> {
  if (!(answer.headers.get('content-type') ?? '').includes('application/problem+json')) return;
  return (await answer.json().catch(() => undefined)) as Problem | undefined;
}

function wordsOf({ detail, problems }: Problem): string {
  const details = problems.map(({ field, message, remedy }) =>
    [field === undefined ? '' : `${field}:`, message, remedy].join(' ').trim(),
  );
  return [detail, ...details].join('\n');
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds; this API sends no dates. */
function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : undefined;
}
