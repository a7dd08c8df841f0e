/** What OpenAI's answers mean, the same for a live call and for a line of a batch. */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { LimitReading } from '../../core/limit.ts';
import { bareFailure } from '../failures.ts';
import { retryAfterOf } from '../http.ts';
import type { Refusal } from './openai-client.ts';
import { sortRefusal } from './openai-refusal.ts';
import type { Answered, LaneImage, LaneRequest } from '../vendor.ts';

/** A good status, and a body that does not say what was made. */
export const UNREADABLE: Failure = {
  kind: 'unknown',
  words: 'The answer was cut or is not readable.',
};

/** A live call costs the whole price of its tokens, a line of a batch one half (price page, 2026). */
export type PriceShare = 1 | 0.5;

/** The pictures of a good answer and their bill; `undefined` when the body is no such answer. */
export function readAnswer(
  body: unknown,
  request: LaneRequest,
  price: PriceShare,
  limits: { limits?: readonly LimitReading[] } = {},
): Answered | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { data, usage } = parsed.data;
  return {
    kind: 'answered',
    images: data.slice(0, request.count).map(readImage),
    ...(usage === undefined ? {} : { usdMicros: billOf(usage, price) }),
    ...limits,
  };
}

function readImage(
  { b64_json }: { b64_json?: string | null | undefined },
  index: number,
): LaneImage {
  if (!b64_json) return { index, kind: 'failed', words: 'The answer has no picture here.' };
  return {
    index,
    kind: 'image',
    source: { kind: 'bytes', bytes: Buffer.from(b64_json, 'base64') },
  };
}

/**
 * Dollars a million tokens, and so micro-dollars a token: text in, image in, image out. Prices of
 * gpt-image-2 of May 2026 as third parties quote them; cached input is rarer and not told apart.
 */
const USD_MICROS_PER_TOKEN = { text: 5, image: 8, output: 30 } as const;

function billOf(
  { input_tokens, output_tokens, input_tokens_details }: Usage,
  price: PriceShare,
): number {
  const imageTokens = input_tokens_details?.image_tokens ?? 0;
  const textTokens = input_tokens_details?.text_tokens ?? Math.max(0, input_tokens - imageTokens);
  const whole =
    textTokens * USD_MICROS_PER_TOKEN.text +
    imageTokens * USD_MICROS_PER_TOKEN.image +
    output_tokens * USD_MICROS_PER_TOKEN.output;
  return Math.round(whole * price);
}

// What an error means.

const REFUSED_CODES = new Set(['moderation_blocked', 'content_policy_violation']);

/** Codes (and types) that say that the account's money or quota is used up. */
export const EXHAUSTED_CODES: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
]);

export function classify(
  { status, headers, error, words }: Omit<Refusal, 'kind'>,
  now: number,
): Failure {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return bareFailure(status, words);
  const { message, code, type } = parsed.data;
  const said = { words: message };
  if (EXHAUSTED_CODES.has(code ?? '') || EXHAUSTED_CODES.has(type ?? '')) {
    return { kind: 'account-exhausted', ...said };
  }
  if (REFUSED_CODES.has(code ?? '')) return { kind: 'refused', ...sortRefusal(error), ...said };
  if (code === 'model_not_found') return { kind: 'model-gone', ...said };
  if (status === 429) return { kind: 'rate-limited', ...retryAfterOf(headers, now), ...said };
  if (status === 503) return { kind: 'overloaded', ...retryAfterOf(headers, now), ...said };
  return { ...bareFailure(status, ''), ...said };
}

// The wire, as far as it is read.

const usageSchema = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  input_tokens_details: z
    .object({ text_tokens: z.number().optional(), image_tokens: z.number().optional() })
    .nullish(),
});
type Usage = z.infer<typeof usageSchema>;

const answerSchema = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish() })),
  // Strange usage must not cost us the pictures.
  usage: usageSchema.optional().catch(undefined),
});

const errorSchema = z.object({
  message: z.string(),
  type: z.string().nullish(),
  code: z.string().nullish().catch(undefined),
});
