/**
 * What DashScope's codes mean, at the door (`{code, message, request_id}` with an HTTP status) and in a
 * task that failed (the same two words in its `output`, with HTTP 200).
 * https://www.alibabacloud.com/help/en/model-studio/error-code
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { RefusalCategory } from '../../core/refusal.ts';
import { bareFailure } from '../failures.ts';
import { type WholeResponse, jsonOf, retryAfterOf, textOf } from '../http.ts';

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };

/** A code and a message, where there are any. */
interface Said {
  readonly code?: string | null | undefined;
  readonly message?: string | null | undefined;
}

/** What an answer means that is not a task. */
export function classify(answer: WholeResponse, now: number): Failure {
  const parsed = errorSchema.safeParse(jsonOf(answer));
  if (!parsed.success) {
    // Success without a task that we can read may have made one.
    return answer.status === 200 ? UNREADABLE : bareFailure(answer.status, textOf(answer));
  }
  const { code } = parsed.data;
  const words = wordsOf(parsed.data);
  const category = refusalOf(code);
  if (category) return { kind: 'refused', stage: 'input', category, words };
  return meaningOf(code, answer.status, retryAfterOf(answer.headers, now), words);
}

/**
 * What a task means that failed. It was read before it was taken, so a refusal that shows in it is one
 * of the picture; its code is the same, and only its message might tell otherwise.
 */
export function taskFailure(said: Said): Failure {
  const category = refusalOf(said.code ?? '');
  const words = wordsOf(said) || 'The task failed.';
  return category
    ? { kind: 'refused', stage: 'output', category, words }
    : { kind: 'task-failed', words };
}

function meaningOf(
  code: string,
  status: number,
  wait: { retryAfterMs?: number },
  words: string,
): Failure {
  switch (code) {
    case 'InvalidApiKey':
    // Also a synchronous call to what is served asynchronously only, or the other way round.
    case 'AccessDenied':
    case 'AccessDenied.Unpurchased':
    case 'Model.AccessDenied':
    case 'Workspace.AccessDenied':
    case 'CommodityNotPurchased':
      return { kind: 'key-unusable', words };
    case 'Arrearage':
    case 'AllocationQuota.FreeTierOnly':
    case 'PrepaidBillOverdue':
    case 'PostpaidBillOverdue':
    case 'BudgetLimitExceeded':
      return { kind: 'account-exhausted', words };
    case 'ModelNotFound':
    case 'WorkSpaceNotFound':
      return { kind: 'model-gone', words };
    case 'Throttling':
    case 'Throttling.RateQuota':
    case 'Throttling.BurstRate':
    case 'LimitRequests':
      return { kind: 'rate-limited', ...wait, words };
    case 'Throttling.AllocationQuota':
    case 'insufficient_quota':
      return { kind: 'rate-limited', retryAfterMs: ALLOCATION_WAIT_MS, ...wait, words };
    case 'Throttling.Concurrency':
      return { kind: 'slots-full', ...wait, words };
    case 'Throttling.ServiceOverloaded':
    case 'Throttling.ResourceExhausted':
      return { kind: 'overloaded', ...wait, words };
  }
  if (status === 429) return { kind: 'rate-limited', ...wait, words };
  if (status === 503) return { kind: 'overloaded', ...wait, words };
  // Families that grow (`InvalidParameter.…`, `BadRequest.…`, `InternalError.…`) go by their status.
  return { ...bareFailure(status, ''), words };
}

/**
 * An allocated quota is usually one of a minute (tokens, or images), and sometimes one that is used up;
 * the code is the same, and the message is not to be trusted. Money and free quotas that are gone have
 * codes of their own, and waiting costs nothing: so it is a pace, counted in minutes. If it was used up
 * after all, the rows stay waiting with the vendor's words, instead of failing one after the other.
 */
const ALLOCATION_WAIT_MS = 60_000;

/** What the vendor's inspection found, or `undefined` when a code is no refusal. */
function refusalOf(code: string): RefusalCategory | undefined {
  switch (code) {
    case 'DataInspectionFailed':
    case 'InternalError.Algo.DataInspectionFailed':
      return 'unspecified';
    case 'IPInfringementSuspect':
      return 'copyright';
    case 'FaqRuleBlocked':
    case 'CustomRoleBlocked':
      return 'blocklist';
    default:
      return undefined;
  }
}

function wordsOf({ code, message }: Said): string {
  return [code, message].filter(Boolean).join(': ');
}

// The wire, as far as it is read.

const errorSchema = z.object({ code: z.string().min(1), message: z.string().nullish() });
