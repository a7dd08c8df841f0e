/** What Gemini's errors mean: `{error: {code, message, status, details}}`, and the same inside a batch. */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { LimitReading } from '../../core/limit.ts';
import { bareFailure } from '../failures.ts';
import { type WholeResponse, jsonOf, retryAfterOf, textOf } from '../http.ts';

/** A failure, and the figures of limits that its details name. */
export interface Classified {
  readonly failure: Failure;
  readonly limits?: readonly LimitReading[];
}

/**
 * @param hasUploads whether the request names files that Google keeps: without further details a 403
 *   then speaks of the file (gone, or another project's), and not of the key
 */
export function classify(answer: WholeResponse, now: number, hasUploads = false): Classified {
  const parsed = errorSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return { failure: bareFailure(answer.status, textOf(answer)) };
  const { error } = parsed.data;
  const { status } = answer;
  const words = error.message;
  if (status === 402) return { failure: { kind: 'account-exhausted', words } };
  if (status === 429) return classifyQuota(error, retryAfterOf(answer.headers, now));
  if (status === 503) {
    return { failure: { kind: 'overloaded', ...waitOf(error, answer, now), words } };
  }
  // A wrong key comes as 400.
  if (reasonsOf(error).some((reason) => reason.startsWith('API_KEY_'))) {
    return { failure: { kind: 'key-unusable', words } };
  }
  if (status === 403 && hasUploads && reasonsOf(error).length === 0) {
    return { failure: { kind: 'invalid-request', words } };
  }
  return { failure: { ...bareFailure(status, ''), words } };
}

/**
 * A day's quota is used up for good: it ends at midnight Pacific time, and the wait that stands beside
 * it is one of seconds, after which the next request is refused as well. So it stops the lane, like an
 * account without money, and a minute's quota is only waited for.
 */
function classifyQuota(error: GeminiError, otherwise: { retryAfterMs?: number }): Classified {
  const violations = error.details.flatMap(({ violations: all }) => all ?? []);
  const limits = violations.flatMap(readingOf);
  const more = limits.length === 0 ? {} : { limits };
  if (violations.some(({ quotaId }) => quotaId?.includes('PerDay'))) {
    const words = `${error.message} (a day's quota; it begins anew at midnight Pacific time)`;
    return { failure: { kind: 'account-exhausted', words }, ...more };
  }
  const wait = retryDelayOf(error) ?? otherwise;
  return { failure: { kind: 'rate-limited', ...wait, words: error.message }, ...more };
}

/** `GenerateRequestsPerMinutePerProjectPerModel` with its `quotaValue`. */
function readingOf({ quotaId, quotaValue }: Violation): LimitReading[] {
  const match = /(Requests|Images)Per(Minute|Day)/.exec(quotaId ?? '');
  if (!match || !quotaValue) return [];
  return [{ name: `${match[1]}-per-${match[2]}`.toLowerCase(), max: quotaValue }];
}

function waitOf(
  error: GeminiError,
  { headers }: WholeResponse,
  now: number,
): { retryAfterMs?: number } {
  return retryDelayOf(error) ?? retryAfterOf(headers, now);
}

/** `RetryInfo`'s duration: `1.5s`. */
function retryDelayOf({ details }: GeminiError): { retryAfterMs: number } | undefined {
  for (const { retryDelay } of details) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(retryDelay ?? '')?.[1];
    if (seconds !== undefined) return { retryAfterMs: Math.ceil(Number(seconds) * 1000) };
  }
  return undefined;
}

function reasonsOf({ details }: GeminiError): string[] {
  return details.flatMap(({ reason }) => (reason ? [reason] : []));
}

/**
 * What the error of one line of a batch means. The line is over, so nothing of it is unknown: it was
 * not taken, not begun, or it failed.
 */
export function classifyLine(error: LineError): Failure {
  const words = error.message || `code ${error.code ?? error.status ?? 'unknown'}`;
  const status = error.status ?? STATUSES[error.code ?? -1];
  switch (status) {
    case 'INVALID_ARGUMENT':
    case 'FAILED_PRECONDITION':
    case 'OUT_OF_RANGE':
    // A file that is gone, or another project's.
    case 'NOT_FOUND':
    case 'PERMISSION_DENIED':
      return { kind: 'invalid-request', words };
    case 'RESOURCE_EXHAUSTED':
      return { kind: 'rate-limited', words };
    case 'UNAVAILABLE':
    case 'CANCELLED':
      return { kind: 'overloaded', words };
    default:
      return { kind: 'task-failed', words };
  }
}

/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/), and of HTTP, where one stands instead. */
const STATUSES: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  3: 'INVALID_ARGUMENT',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  11: 'OUT_OF_RANGE',
  14: 'UNAVAILABLE',
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  503: 'UNAVAILABLE',
};

// The wire, as far as it is read.

const text = z.string().nullish().catch(undefined);

export const lineErrorSchema = z.object({
  code: z.coerce.number().optional().catch(undefined),
  message: z.string().catch(''),
  status: text,
});
export type LineError = z.infer<typeof lineErrorSchema>;

const violationSchema = z.object({
  quotaId: text,
  quotaValue: z.coerce.number().int().positive().optional().catch(undefined),
});
type Violation = z.infer<typeof violationSchema>;

const geminiErrorSchema = z.object({
  message: z.string(),
  status: text,
  details: z
    .array(
      z.object({
        reason: text,
        retryDelay: text,
        violations: z.array(violationSchema).nullish().catch(undefined),
      }),
    )
    .catch([]),
});
type GeminiError = z.infer<typeof geminiErrorSchema>;

const errorSchema = z.object({ error: geminiErrorSchema });
