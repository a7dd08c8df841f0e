/**
 * OpenAI's image API: one synchronous call, pictures inside the answer. A lost answer cannot be
 * looked up. The official client writes the request; retries, time-outs and the reading of errors
 * are ours.
 */
import OpenAI from 'openai';
import type { ImageGenerateParamsNonStreaming } from 'openai/resources/images';
import { z } from 'zod';
import type { Failure } from '../core/failure.ts';
import type { LimitReading } from '../core/limit.ts';
import { formatSize } from '../core/size.ts';
import { bareFailure, failed, lostFailure } from './failures.ts';
import { type Lost, call, retryAfterOf } from './http.ts';
import { type LaneConfig, withoutSlash } from './lane-config.ts';
import { readRateHeaders } from './openai-rate-headers.ts';
import { accountOf, scrubber } from './secret.ts';
import type { Answered, LaneImage, LaneRequest, Reference, VendorLane } from './vendor.ts';

/** `baseUrl` as the official client takes it: `https://api.openai.com/v1`. */
export function createOpenaiLane(config: LaneConfig): VendorLane {
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(config.apiKey);
  const client = createClient(config, baseUrl);
  return {
    vendor: 'openai',
    account: accountOf('openai', baseUrl, config.apiKey),
    async submit(request, { signal }) {
      const exchange = await send(client, request, signal);
      if (exchange.kind === 'lost') return failed(lostFailure(exchange), scrub);
      const limits = readRateHeaders(exchange.headers);
      if (exchange.kind === 'refusal') {
        return failed(classify(exchange, config.clock.now()), scrub, limits);
      }
      return readAnswer(exchange.body, request, limits) ?? failed(UNREADABLE, scrub, limits);
    },
  };
}

// The request.

function generateBody(request: LaneRequest): ImageGenerateParamsNonStreaming {
  return {
    model: request.model,
    prompt: request.prompt,
    n: request.count,
    size: formatSize(request.size),
    quality: request.quality,
    output_format: request.format,
  };
}

/** The JSON form of edits (`EditImageBodyJsonParam`), which the client's own method does not write. */
function editBody(request: LaneRequest): Record<string, unknown> {
  return { ...generateBody(request), images: request.references.map(imageOf) };
}

function imageOf(reference: Reference): { file_id: string } | { image_url: string } {
  return reference.kind === 'uploaded'
    ? { file_id: reference.handle }
    : { image_url: addressOf(reference) };
}

function addressOf(reference: Exclude<Reference, { kind: 'uploaded' }>): string {
  if (reference.kind === 'url') return reference.url;
  return `data:${reference.mediaType};base64,${Buffer.from(reference.bytes).toString('base64')}`;
}

// The call.

type Exchange =
  | Lost
  | { readonly kind: 'success'; readonly headers: Headers; readonly body: unknown }
  | Refusal;

interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly headers: Headers;
  /** The `error` object of the body, when it has one. */
  readonly error: unknown;
  readonly words: string;
}

async function send(client: OpenAI, request: LaneRequest, signal: AbortSignal): Promise<Exchange> {
  if (signal.aborted) return { kind: 'lost', sent: false, words: 'Stopped before it was sent.' };
  try {
    const answering =
      request.references.length === 0
        ? client.images.generate(generateBody(request), { signal })
        : client.post('/images/edits', { body: editBody(request), signal });
    const response = await answering.asResponse();
    // A cut answer is no JSON: its body stays undefined and nobody can tell what was made.
    const body: unknown = await response.json().catch(() => undefined);
    return { kind: 'success', headers: response.headers, body };
  } catch (error) {
    return readError(error);
  }
}

function readError(error: unknown): Exchange {
  if (error instanceof OpenAI.APIError && error.status !== undefined) {
    const { status, headers, message } = error;
    return { kind: 'refusal', status, headers, error: error.error, words: message };
  }
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof LostCall) return cause.lost;
  return {
    kind: 'lost',
    sent: true,
    words: error instanceof Error ? error.message : String(error),
  };
}

/** Carries a lost call through the client's own errors, which keep it as their cause. */
class LostCall extends Error {
  readonly lost: Lost;
  constructor(lost: Lost) {
    super('The call was lost.');
    this.lost = lost;
  }
}

/** 24 days, the longest a timer can be set to: the time-out is the signal's matter. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function createClient({ apiKey, fetch }: LaneConfig, baseURL: string): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL,
    // These would be read from the environment, which is the doors' business.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: LONGEST_TIMER_MS,
    fetch: async (url, init) => {
      const answer = await call({
        fetch,
        method: init?.method === 'POST' ? 'POST' : 'GET',
        url: url instanceof Request ? url.url : url.toString(),
        headers: new Headers(init?.headers),
        body: init?.body,
        signal: init?.signal ?? new AbortController().signal,
      });
      if (answer.kind === 'lost') throw new LostCall(answer);
      const { status, headers } = answer;
      return new Response(BODILESS.has(status) ? null : answer.body, { status, headers });
    },
  });
}

/** Statuses that `Response` takes no body for. */
const BODILESS = new Set([204, 205, 304]);

// The answer.

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };

function readAnswer(
  body: unknown,
  request: LaneRequest,
  limits: { limits?: readonly LimitReading[] },
): Answered | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { data, usage } = parsed.data;
  return {
    kind: 'answered',
    images: data.slice(0, request.count).map(readImage),
    ...(usage === undefined ? {} : { usdMicros: billOf(usage) }),
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

function billOf({ input_tokens, output_tokens, input_tokens_details }: Usage): number {
  const imageTokens = input_tokens_details?.image_tokens ?? 0;
  const textTokens = input_tokens_details?.text_tokens ?? Math.max(0, input_tokens - imageTokens);
  return Math.round(
    textTokens * USD_MICROS_PER_TOKEN.text +
      imageTokens * USD_MICROS_PER_TOKEN.image +
      output_tokens * USD_MICROS_PER_TOKEN.output,
  );
}

// What an error means.

const REFUSED_CODES = new Set(['moderation_blocked', 'content_policy_violation']);
const EXHAUSTED_CODES = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
]);

function classify({ status, headers, error, words }: Refusal, now: number): Failure {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return bareFailure(status, words);
  const { message, code, type } = parsed.data;
  const said = { words: message };
  if (EXHAUSTED_CODES.has(code ?? '') || EXHAUSTED_CODES.has(type ?? '')) {
    return { kind: 'account-exhausted', ...said };
  }
  if (REFUSED_CODES.has(code ?? '')) return { kind: 'refused', stage: 'input', ...said };
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
