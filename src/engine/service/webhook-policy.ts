/** What follows from an endpoint's answer. Pure. */
import type { Random } from '../core/random.ts';
import type { DeliveryEnd } from '../store/webhook-store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Pauses after the first sending, the second, and so on: three days and some hours together, as Standard
 * Webhooks recommends (spec/standard-webhooks.md, "Retry schedule").
 */
export const PAUSES_MS: readonly number[] = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** A pause is made longer by up to a tenth, so that not all come back at once. */
const SPREAD = 0.1;
/** An endpoint that nothing has reached for five days is disabled when a delivery is given up. */
const LONGEST_FAILING_MS = 5 * 24 * HOUR_MS;

/** What came back: a status, or the reason why nothing did. */
export type EndpointAnswer = { readonly status: number } | { readonly failure: string };

export interface Sending {
  /** Counted from 1. */
  readonly attempt: number;
  readonly failingSince: number | undefined;
  readonly now: number;
}

export type Verdict = Pick<DeliveryEnd, 'state' | 'nextAt' | 'status' | 'reason' | 'disable'>;

export function judge(answer: EndpointAnswer, sending: Sending, random: Random): Verdict {
  const status = 'status' in answer ? answer.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) return { state: 'delivered', status };
  const told = { ...(status !== undefined && { status }), reason: reasonOf(answer) };
  if (status === 410) {
    return { state: 'failed', ...told, disable: 'It answered 410: it is gone for good.' };
  }
  const pauseMs = PAUSES_MS[sending.attempt - 1];
  if (pauseMs !== undefined) {
    const nextAt = Math.ceil(sending.now + pauseMs * (1 + random.next() * SPREAD));
    return { state: 'waiting', nextAt, ...told };
  }
  const { failingSince = sending.now, now } = sending;
  if (now - failingSince < LONGEST_FAILING_MS) return { state: 'failed', ...told };
  return { state: 'failed', ...told, disable: 'Nothing has reached it for five days.' };
}

function reasonOf(answer: EndpointAnswer): string {
  if ('failure' in answer) return answer.failure;
  if (answer.status >= 300 && answer.status < 400) {
    return `It answered ${answer.status}: redirects are not followed.`;
  }
  return `It answered ${answer.status}.`;
}
