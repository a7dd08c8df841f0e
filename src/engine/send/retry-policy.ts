/**
 * The only place that decides what follows from a failure. Pure: it knows no clock and no chance of
 * its own. What may be sent again are the kinds whose meaning is "nothing was made"; everything else
 * is looked up, settled, or left unknown until somebody decides.
 */
import type { Failure } from '../core/failure.ts';
import type { Verdict } from '../core/outcome.ts';
import type { Random } from '../core/random.ts';
import { waitMs } from './retry-after.ts';

/** 8 counted attempts: with waits of 1 s doubling to 60 s they span some three minutes. */
export const MAXIMUM_ATTEMPTS = 8;

/** What is known of a request whose sending failed. */
export interface Sending {
  /** Attempts used up before this sending. */
  readonly attempts: number;
  /** Sendings before this one, counted or not; `attempts` by default. Makes the waits grow. */
  readonly sendings?: number;
  readonly now: number;
  /** Whether the lane can look the request up (`VendorLane.find`). */
  readonly canFind: boolean;
  readonly random: Pick<Random, 'next'>;
  /** `MAXIMUM_ATTEMPTS` by default. */
  readonly maxAttempts?: number;
}

export type Decision =
  /** Back to waiting; sent again, under a new grant, not before this time. */
  | {
      readonly kind: 'resend';
      readonly notBeforeMs: number;
      readonly countsAttempt: boolean;
      readonly reason: string;
    }
  /** Ask the vendor for the request by our own id. */
  | { readonly kind: 'look-up' }
  /** The end of the request's items. */
  | { readonly kind: 'settle'; readonly verdict: Verdict }
  /** Nobody can tell whether it was made: the hold stays until a decision. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** The request goes back to waiting, and nothing more is sent on this lane. */
  | { readonly kind: 'stop-lane'; readonly reason: string };

/** What follows from a sending that failed. */
export function decide(failure: Failure, sending: Sending): Decision {
  const reason = failure.words;
  switch (failure.kind) {
    case 'rate-limited':
    case 'slots-full':
      // Not bounded by a count: each repetition waits for capacity, and a pace is no fault of a row.
      return resend(failure, sending, { countsAttempt: false });
    case 'overloaded':
    case 'not-sent': {
      const used = sending.attempts + 1;
      return used < (sending.maxAttempts ?? MAXIMUM_ATTEMPTS)
        ? resend(failure, sending, { countsAttempt: true })
        : { kind: 'settle', verdict: unmade(`${reason} (after ${used} attempts)`) };
    }
    case 'account-exhausted':
    case 'key-unusable':
    case 'model-gone':
      return { kind: 'stop-lane', reason };
    case 'refused':
    case 'invalid-request':
    case 'task-failed':
      return { kind: 'settle', verdict: lastWord(failure) };
    case 'duplicate':
      return { kind: 'look-up' };
    case 'unknown':
      return sending.canFind ? { kind: 'look-up' } : { kind: 'unknown', reason };
  }
  return failure satisfies never;
}

/** What is known of an accepted task whose polling failed. */
export interface Polling {
  /** Polls that failed in a row before this one. */
  readonly failures: number;
  readonly now: number;
  /** When the task has surely ended, whatever it did (from the catalog's longest call time). */
  readonly giveUpAt: number;
  readonly random: Pick<Random, 'next'>;
}

export type PollDecision =
  | { readonly kind: 'poll-again'; readonly notBeforeMs: number; readonly reason: string }
  | Extract<Decision, { readonly kind: 'settle' | 'unknown' }>;

/**
 * What follows from a poll that failed. The task was bought: only the vendor's own words about the
 * task end it. Everything else says that the asking went wrong, even a key that stopped working, and
 * it is asked again until the task must have ended.
 */
export function decidePoll(failure: Failure, polling: Polling): PollDecision {
  const reason = failure.words;
  if (failure.kind === 'refused' || failure.kind === 'task-failed') {
    return { kind: 'settle', verdict: lastWord(failure) };
  }
  if (polling.now >= polling.giveUpAt) return { kind: 'unknown', reason };
  const wait = waitMs({
    ...retryAfterOf(failure),
    repetition: polling.failures,
    random: polling.random,
  });
  return {
    kind: 'poll-again',
    notBeforeMs: Math.min(polling.now + wait, polling.giveUpAt),
    reason,
  };
}

type LastWord = Extract<Failure, { kind: 'refused' | 'invalid-request' | 'task-failed' }>;

/** What the vendor's last word on a request says of its images; `undefined`: it was not the last word. */
export function lastWord(failure: LastWord): Verdict;
export function lastWord(failure: Failure): Verdict | undefined;
export function lastWord(failure: Failure): Verdict | undefined {
  switch (failure.kind) {
    case 'refused': {
      const { words, stage, category } = failure;
      return {
        state: 'refused',
        reason: words,
        stage,
        ...(category !== undefined && { category }),
      };
    }
    case 'invalid-request':
    case 'task-failed':
      return unmade(failure.words);
    default:
      return undefined;
  }
}

function unmade(reason: string): Verdict {
  return { state: 'failed', reason, unmade: true };
}

function resend(
  failure: Failure,
  { attempts, sendings = attempts, now, random }: Sending,
  { countsAttempt }: { countsAttempt: boolean },
): Decision {
  const wait = waitMs({ ...retryAfterOf(failure), repetition: sendings, random });
  return { kind: 'resend', notBeforeMs: now + wait, countsAttempt, reason: failure.words };
}

function retryAfterOf(failure: Failure): { retryAfterMs?: number } {
  return 'retryAfterMs' in failure && failure.retryAfterMs !== undefined
    ? { retryAfterMs: failure.retryAfterMs }
    : {};
}
