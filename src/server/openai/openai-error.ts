/** An error in OpenAI's shape: thrown by what answers below /openai, and told in one place. */
export interface OpenaiErrorFacts {
  readonly status: number;
  readonly message: string;
  /** `invalid_request_error`, `server_error` and the like. */
  readonly type: string;
  readonly code: string;
  readonly param?: string;
  /** The run that the call made: its images are there when they are made. */
  readonly run?: string;
  /**
   * Whether OpenAI's clients may send it again by themselves. Absent: they decide by the status (408, 409,
   * 429 and 5xx are repeated).
   */
  readonly mayRepeat?: boolean;
  readonly retryAfterSeconds?: number;
}

export class OpenaiError extends Error {
  override readonly name = 'OpenaiError';
  readonly facts: OpenaiErrorFacts;

  constructor(facts: OpenaiErrorFacts, cause?: unknown) {
    super(facts.message, { cause });
    this.facts = facts;
  }
}

/** Something in the request is wrong; `param` names what. */
export function invalid(param: string | undefined, code: string, message: string): OpenaiError {
  return new OpenaiError({
    status: 400,
    type: 'invalid_request_error',
    code,
    message,
    ...(param !== undefined && { param }),
  });
}

export function notThere(what: string, param?: string): OpenaiError {
  return new OpenaiError({
    status: 404,
    type: 'invalid_request_error',
    code: 'not_found',
    message: `There is no ${what} here.`,
    ...(param !== undefined && { param }),
  });
}
