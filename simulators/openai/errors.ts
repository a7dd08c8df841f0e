import type { GateReading, GateRefusal } from '../gate.ts';
import { gatewayPage } from '../reply.ts';

/** OpenAI's error body: `{error: {message, type, param, code}}`. */
export interface OpenaiError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param?: string;
  readonly code?: string;
  /** Of a refusal: where policy said no, and to what. */
  readonly moderation?: {
    readonly moderation_stage: string;
    readonly categories: readonly string[];
  };
}

export function errorReply(error: OpenaiError, headers: Record<string, string> = {}): Response {
  return Response.json(errorBody(error), { status: error.status, headers });
}

export function errorBody(error: OpenaiError): Record<string, unknown> {
  const { message, type, param, code, moderation } = error;
  return {
    error: {
      message,
      type,
      param: param ?? null,
      code: code ?? null,
      ...(moderation && { moderation_details: moderation }),
    },
  };
}

/** 400 `invalid_request_error` about one parameter. */
export function invalid(param: string, code: string, message: string): OpenaiError {
  return { status: 400, type: 'invalid_request_error', param, code, message };
}

export function keyError(key: string): OpenaiError {
  const type = 'invalid_request_error';
  if (key === '') {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header " +
      'using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).';
    return { status: 401, type, message };
  }
  const shown = key.length > 8 ? `${key.slice(0, 3)}***${key.slice(-4)}` : '***';
  const message = `Incorrect API key provided: ${shown}.`;
  return { status: 401, type, code: 'invalid_api_key', message };
}

export const INSUFFICIENT_QUOTA: OpenaiError = {
  status: 429,
  type: 'insufficient_quota',
  code: 'insufficient_quota',
  message: 'You exceeded your current quota, please check your plan and billing details.',
};

export function rateLimited(model: string, refusal: GateRefusal): OpenaiError {
  const unit = refusal.limit === 'images' ? 'input-images' : 'requests';
  const wait = resetText(refusal.retryAfterMs ?? 60_000);
  const message =
    `Rate limit reached for ${model} on ${unit} per min: Limit ${refusal.max}, ` +
    `Used ${refusal.used}, Requested ${refusal.asked}. Please try again in ${wait}.`;
  return { status: 429, type: unit, code: 'rate_limit_exceeded', message };
}

/** Policy's no; the real message may end with the violated classes. */
export function moderationBlocked(stage: 'input' | 'output'): OpenaiError {
  const message =
    stage === 'input'
      ? 'Your request was rejected by the safety system. safety_violations=[violence].'
      : 'The generated image was rejected by the safety system. safety_violations=[violence].';
  return {
    status: 400,
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
    message,
    moderation: { moderation_stage: stage, categories: ['violence'] },
  };
}

/** 500 and 503 come from the API itself; 502 and 504 from the gateway before it, as HTML. */
export function serverErrorReply(status: 500 | 502 | 503 | 504): Response {
  if (status === 502 || status === 504) return gatewayPage(status);
  if (status === 500) return errorReply(SERVER_ERROR);
  const message = 'The engine is currently overloaded, please try again later.';
  return errorReply({ status, type: 'server_error', code: 'server_error', message });
}

export const SERVER_ERROR: OpenaiError = {
  status: 500,
  type: 'server_error',
  code: 'server_error',
  message: 'The server had an error while processing your request. Sorry about that!',
};

/** `x-ratelimit-{limit,remaining,reset}-{images,requests}`, resets like `59.25s`. */
export function rateHeaders(readings: readonly GateReading[]): Record<string, string> {
  return Object.fromEntries(
    readings.flatMap(({ limit, max, remaining, resetMs }) =>
      limit === 'slots'
        ? []
        : [
            [`x-ratelimit-limit-${limit}`, String(max)],
            [`x-ratelimit-remaining-${limit}`, String(remaining)],
            [`x-ratelimit-reset-${limit}`, resetText(resetMs)],
          ],
    ),
  );
}

export function retryHeaders(waitMs: number): Record<string, string> {
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
}

/** `250ms`, `59.25s`, `6m0s`: the form of OpenAI's reset headers. */
function resetText(waitMs: number): string {
  if (waitMs < 1000) return `${waitMs}ms`;
  const minutes = Math.floor(waitMs / 60_000);
  const seconds = `${(waitMs % 60_000) / 1000}s`;
  return minutes === 0 ? seconds : `${minutes}m${seconds}`;
}
