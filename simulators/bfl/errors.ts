import type { GateReading } from '../gate.ts';
import { gatewayPage } from '../reply.ts';

/** One entry of a 422's `detail`: where, what, which rule (the form of FastAPI). */
export interface FieldProblem {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** BFL's error body: `{detail}`, a text or the list of a 422. */
export function errorReply(
  status: number,
  detail: string | readonly FieldProblem[],
  headers: Record<string, string> = {},
): Response {
  return Response.json({ detail }, { status, headers });
}

export const NO_KEY = 'Not authenticated - Invalid Authentication';
export const OUT_OF_CREDITS = 'Insufficient credits. Please add credits to your account.';
export const TOO_MANY_TASKS = 'Rate limit exceeded: too many active tasks.';

export function serverErrorReply(status: 500 | 502 | 503 | 504): Response {
  if (status === 502 || status === 504) return gatewayPage(status);
  return errorReply(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error');
}

/** The headers that BFL's own skill text names; its specification has none. */
export function rateHeaders(readings: readonly GateReading[]): Record<string, string> {
  const [tightest] = [...readings].sort((left, right) => left.remaining - right.remaining);
  if (!tightest) return {};
  return {
    'x-ratelimit-limit': String(tightest.max),
    'x-ratelimit-remaining': String(tightest.remaining),
    'x-ratelimit-reset': String(Math.ceil(tightest.resetMs / 1000)),
  };
}
