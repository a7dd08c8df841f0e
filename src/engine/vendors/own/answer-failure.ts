/**
 * What an error of a server means that we know only as "one of those": decided from its status and from
 * the codes in whatever error shape it has. The words of a message decide nothing.
 */
import type { Failure } from '../../core/failure.ts';
import { bareFailure } from '../failures.ts';
import { type WholeResponse, jsonOf, retryAfterOf, textOf } from '../http.ts';
import { sortRefusal } from '../openai/openai-refusal.ts';

/** An error in the server's own words, with every code that stands beside them. */
export interface ServerError {
  readonly words: string;
  readonly codes: readonly string[];
  /** The wait that the body asks for, where it does (`RetryInfo` of Google's errors). */
  readonly retryAfterMs?: number;
}

/** Codes of OpenAI, Azure, Google and LiteLLM, which others imitate. */
const REFUSED = new Set([
  'moderation_blocked',
  'content_policy_violation',
  'content_filter',
  'contentfilter',
  'responsibleaipolicyviolation',
]);
const EXHAUSTED = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'budget_exceeded',
]);
const WRONG_KEY = new Set(['api_key_invalid', 'invalid_api_key']);
const GONE = new Set(['model_not_found', 'deploymentnotfound']);

/** Reads an answer that is an error (status 300 and above). */
export function answerFailure(answer: WholeResponse, now: number): Failure {
  const { status, headers } = answer;
  const body = jsonOf(answer);
  const error = readServerError(body);
  if (error === undefined) return bareFailure(status, textOf(answer));
  const { words } = error;
  const codes = error.codes.map((code) => code.toLowerCase());
  const has = (known: ReadonlySet<string>) => codes.some((code) => known.has(code));
  if (has(EXHAUSTED)) return { kind: 'account-exhausted', words };
  if (has(REFUSED)) return { kind: 'refused', ...sortRefusal(innerOf(body)), words };
  if (has(WRONG_KEY)) return { kind: 'key-unusable', words };
  if (has(GONE)) return { kind: 'model-gone', words };
  const wait = { ...waitOf(error), ...retryAfterOf(headers, now) };
  if (status === 429) return { kind: 'rate-limited', ...wait, words };
  if (status === 503) return { kind: 'overloaded', ...wait, words };
  return { ...bareFailure(status, ''), words: `HTTP ${status}: ${words}` };
}

/**
 * `{error: {message, code}}`, `{error: "…", message}`, `{detail: "…"}`, `{detail: [{loc, msg}]}`,
 * `{message, code}` and `{errors: […]}`; `undefined` for what is no JSON object or has no words.
 */
export function readServerError(body: unknown): ServerError | undefined {
  if (!isRecord(body)) return undefined;
  const parts = [body, ...Object.values(body).flatMap(partsOf)];
  const words = [...new Set(parts.flatMap(wordsOf))].join(': ');
  if (words === '') return undefined;
  // Google's errors carry what a program should know in a list of details.
  const details = parts.flatMap(({ details }) => partsOf(details));
  const codes = [...parts, ...details].flatMap(codesOf);
  return { words, codes, ...delayIn(details) };
}

function delayIn(details: readonly Record<string, unknown>[]): { retryAfterMs?: number } {
  const text = details.map(({ retryDelay }) => retryDelay).find((each) => each !== undefined);
  const seconds = typeof text === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(text)?.[1] : undefined;
  return seconds === undefined ? {} : { retryAfterMs: Math.ceil(Number(seconds) * 1000) };
}

function waitOf({ retryAfterMs }: ServerError): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** OpenAI's shape has all of it in `error`. */
function innerOf(body: unknown): unknown {
  return isRecord(body) && isRecord(body['error']) ? body['error'] : body;
}

/** An error may lie one level deeper, alone or in a list; further down is something else. */
function partsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.filter(isRecord).slice(0, MOST_PARTS);
  return isRecord(value) ? [value] : [];
}

/** A validator tells of each field; the first few say enough. */
const MOST_PARTS = 5;

function wordsOf(part: Record<string, unknown>): string[] {
  const place = Array.isArray(part['loc']) ? `${part['loc'].join('.')}: ` : '';
  return ['error', 'message', 'msg', 'detail', 'errors', 'title', 'exception_message']
    .map((name) => part[name])
    .filter((value): value is string => typeof value === 'string' && value.trim() !== '')
    .map((value) => `${place}${value.trim()}`);
}

function codesOf(part: Record<string, unknown>): string[] {
  return ['code', 'type', 'status', 'reason', 'error'].flatMap((name) => {
    const value = part[name];
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
