/** What the answers of a many-prompts vendor mean. */
import { z } from 'zod';
import { toMicros } from '../../core/credits.ts';
import type { Failure } from '../../core/failure.ts';
import { REFUSAL_CATEGORIES, REFUSAL_STAGES } from '../../core/refusal.ts';
import { bareFailure, failed } from '../failures.ts';
import { type WholeResponse, jsonOf, retryAfterOf, textOf } from '../http.ts';
import type { Answered, BundleLine, Failed, LaneImage } from '../vendor.ts';

export const UNREADABLE: Failure = {
  kind: 'unknown',
  words: 'The answer was cut or is not readable.',
};

export const STILL_WORKING: Failure = {
  kind: 'unknown',
  words: 'The vendor has taken it and is still at work.',
};

/** One line for each prompt of a good answer; `undefined` when the body is no such answer. */
export function readLines(
  answer: WholeResponse,
  scrub: (words: string) => string,
): readonly BundleLine[] | undefined {
  const parsed = answerSchema.safeParse(jsonOf(answer));
  return parsed.success
    ? parsed.data.results.map((line) => ({ key: line.key, answer: readLine(line, scrub) }))
    : undefined;
}

function readLine(line: Line, scrub: (words: string) => string): Answered | Failed {
  const bill = line.usd === undefined ? {} : { usdMicros: toMicros(line.usd) };
  if (line.refused) return failed(refusalOf(line.refused), scrub, bill);
  if (line.failed) return failed({ kind: 'task-failed', words: line.failed.message }, scrub, bill);
  if (line.not_made) return failed({ kind: 'overloaded', words: line.not_made.message }, scrub);
  if (!line.images) return failed({ kind: 'task-failed', words: 'No answer' }, scrub, bill);
  return {
    kind: 'answered',
    images: line.images.map((image, place) => readImage(image, place, scrub)),
    ...bill,
  };
}

function readImage(image: WireImage, place: number, scrub: (words: string) => string): LaneImage {
  const index = image.index ?? place;
  if (image.refused) {
    const { words, ...refusal } = refusalOf(image.refused);
    return { index, ...refusal, words: scrub(words) };
  }
  if (image.b64) {
    const bytes = Buffer.from(image.b64, 'base64');
    return { index, kind: 'image', source: { kind: 'bytes', bytes } };
  }
  if (image.url) return { index, kind: 'image', source: { kind: 'url', url: image.url } };
  return { index, kind: 'failed', words: scrub(image.failed?.message ?? 'No picture here.') };
}

function refusalOf({ message, stage, category }: Refused): Extract<Failure, { kind: 'refused' }> {
  return {
    kind: 'refused',
    stage: stage ?? 'input',
    ...(category !== undefined && { category }),
    words: message,
  };
}

// What an error means.

export function codeOf(answer: WholeResponse): string | undefined {
  const parsed = errorSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.error.code : undefined;
}

/** What was billed in spite of an error, where the error says so. */
export function billOfError(answer: WholeResponse): { usdMicros?: number } {
  const usd = errorSchema.safeParse(jsonOf(answer)).data?.error.usd;
  return usd === undefined ? {} : { usdMicros: toMicros(usd) };
}

export function classify(answer: WholeResponse, now: number): Failure {
  const parsed = errorSchema.safeParse(jsonOf(answer));
  if (!parsed.success) {
    // A good status promises that something was made.
    return answer.status < 300 ? UNREADABLE : bareFailure(answer.status, textOf(answer));
  }
  const { code, message: words, stage, category } = parsed.data.error;
  const wait = retryAfterOf(answer.headers, now);
  switch (code) {
    case 'refused':
      return refusalOf({ message: words, stage, category });
    case 'invalid_request':
      return { kind: 'invalid-request', words };
    case 'unauthorized':
      return { kind: 'key-unusable', words };
    case 'account_exhausted':
      return { kind: 'account-exhausted', words };
    case 'model_not_found':
      return { kind: 'model-gone', words };
    case 'rate_limited':
      return { kind: 'rate-limited', ...wait, words };
    case 'slots_full':
      return { kind: 'slots-full', ...wait, words };
    case 'overloaded':
      return { kind: 'overloaded', ...wait, words };
    case 'key_used':
      return { kind: 'duplicate', words };
    default:
      return { ...bareFailure(answer.status, ''), words };
  }
}

// The wire, as far as it is read.

const refusedSchema = z.object({
  message: z.string(),
  stage: z.enum(REFUSAL_STAGES).optional().catch(undefined),
  category: z.enum(REFUSAL_CATEGORIES).optional().catch(undefined),
});
type Refused = z.infer<typeof refusedSchema>;

const wordsSchema = z.object({ message: z.string() });

const imageSchema = z.object({
  index: z.int().min(0).optional(),
  b64: z.string().nullish(),
  url: z.string().nullish(),
  refused: refusedSchema.nullish(),
  failed: wordsSchema.nullish(),
});
type WireImage = z.infer<typeof imageSchema>;

/** Dollars. A strange bill must not cost us the pictures. */
const dollars = z.number().nonnegative().optional().catch(undefined);

const lineSchema = z.object({
  key: z.string(),
  images: z.array(imageSchema).nullish(),
  refused: refusedSchema.nullish(),
  failed: wordsSchema.nullish(),
  not_made: wordsSchema.nullish(),
  usd: dollars,
});
type Line = z.infer<typeof lineSchema>;

const answerSchema = z.object({ results: z.array(lineSchema) });

export const quoteSchema = z.object({ usd: z.number().nonnegative() });

const errorSchema = z.object({
  error: refusedSchema.extend({ code: z.string(), usd: dollars }),
});
