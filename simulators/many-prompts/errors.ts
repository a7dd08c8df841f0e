import type { GateRefusal } from '../gate.ts';
import { gatewayPage } from '../reply.ts';

/** The protocol's error body: `{error: {code, message, …}}`. */
export interface ManyPromptsError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly stage?: 'input' | 'output';
  readonly category?: string;
}

export function errorReply(
  { status, ...error }: ManyPromptsError,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error }, { status, headers });
}

export function invalid(message: string): ManyPromptsError {
  return { status: 400, code: 'invalid_request', message };
}

export const WRONG_KEY: ManyPromptsError = {
  status: 401,
  code: 'unauthorized',
  message: 'The key is missing or not known.',
};
export const EXHAUSTED: ManyPromptsError = {
  status: 402,
  code: 'account_exhausted',
  message: 'The account is used up.',
};
export const NOT_FOUND: ManyPromptsError = {
  status: 404,
  code: 'not_found',
  message: 'There is no request of this key.',
};
export const KEY_USED: ManyPromptsError = {
  status: 409,
  code: 'key_used',
  message: 'The key was used for another content.',
};

export function refusalOf(stage: 'input' | 'output') {
  const message =
    stage === 'input' ? 'One of the prompts was refused.' : 'One of the pictures was refused.';
  return { stage, category: 'violence', message };
}

export function limited({ limit }: Pick<GateRefusal, 'limit'>): ManyPromptsError {
  return limit === 'slots'
    ? { status: 429, code: 'slots_full', message: 'Too many requests are being worked on.' }
    : { status: 429, code: 'rate_limited', message: `Too many ${limit} in this time.` };
}

/** 500 and 503 come from the server itself; 502 and 504 from the gateway before it, as HTML. */
export function serverErrorReply(status: 500 | 502 | 503 | 504): Response {
  if (status === 502 || status === 504) return gatewayPage(status);
  return status === 503
    ? errorReply({ status, code: 'overloaded', message: 'Not now.' })
    : errorReply({ status, code: 'internal', message: 'Something went wrong.' });
}
