/**
 * A vendor (or a gateway, or another Imagemill) that takes many prompts in one request and answers each,
 * or refuses all of them for one: `docs/many-prompts-protocol.md`. Our key makes a request of ours once
 * at most there, so that a lost answer is asked for again instead of being bought twice.
 */
import { toMicros } from '../../core/credits.ts';
import { download } from '../download.ts';
import { failed, lostFailure } from '../failures.ts';
import { type CallAnswer, call, jsonOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import {
  billOfError,
  classify,
  codeOf,
  quoteSchema,
  readLines,
  STILL_WORKING,
  UNREADABLE,
} from './many-prompts-answers.ts';
import { readRateHeaders } from '../openai/openai-rate-headers.ts';
import { accountOf, scrubber } from '../secret.ts';
import type {
  BundleAnswered,
  BundleFindAnswer,
  BundleLane,
  CallContext,
  Failed,
  LaneBundle,
  LaneRequest,
  Reference,
} from '../vendor.ts';

/** How long the vendor may keep the call open before it answers that it is still working. */
const WAIT_SECONDS = 240;

/** `baseUrl` is what the protocol's paths are appended to: `https://images.example.com/v1`. */
export function createManyPromptsLane(config: LaneConfig): BundleLane {
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(config.apiKey);
  const headers = { authorization: `Bearer ${config.apiKey}` };

  function get(path: string, { signal }: CallContext): Promise<CallAnswer> {
    return call({ fetch: config.fetch, method: 'GET', url: `${baseUrl}${path}`, headers, signal });
  }

  function post(path: string, body: unknown, { signal }: CallContext): Promise<CallAnswer> {
    return call({
      fetch: config.fetch,
      method: 'POST',
      url: `${baseUrl}${path}`,
      headers: { ...headers, 'content-type': 'application/json', prefer: `wait=${WAIT_SECONDS}` },
      body,
      signal,
    });
  }

  function failure(answer: CallAnswer): Failed {
    if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
    const more = { ...readRateHeaders(answer.headers), ...billOfError(answer) };
    return failed(classify(answer, config.clock.now()), scrub, more);
  }

  function read(answer: CallAnswer): BundleAnswered | Failed {
    if (answer.kind === 'lost' || (answer.status !== 200 && answer.status !== 202)) {
      return failure(answer);
    }
    // What is still being made is looked up, like an answer that was lost.
    if (answer.status === 202) return failed(STILL_WORKING, scrub);
    const lines = readLines(answer, scrub);
    if (lines === undefined) return failed(UNREADABLE, scrub);
    return { kind: 'answered', lines, ...readRateHeaders(answer.headers) };
  }

  return {
    vendor: 'many-prompts',
    makesKeyOnce: true,
    account: accountOf('many-prompts', baseUrl, config.apiKey),
    async submit(bundle, context) {
      return read(await post('/prompts', bundleBody(bundle), context));
    },
    async find(key, context): Promise<BundleFindAnswer> {
      const answer = await get(pathOf(key), context);
      if (answer.kind === 'response' && codeOf(answer) === 'not_found') return { kind: 'nothing' };
      return read(answer);
    },
    async quote(bundle, context) {
      const answer = await post('/quote', bundleBody(bundle), context);
      if (answer.kind === 'lost' || answer.status !== 200) return failure(answer);
      const quote = quoteSchema.safeParse(jsonOf(answer));
      if (!quote.success) return failed(UNREADABLE, scrub);
      return { kind: 'quoted', usdMicros: toMicros(quote.data.usd) };
    },
    fetch: (url, context) => download(config, url, context),
  };
}

function pathOf(key: string): string {
  return `/prompts/${encodeURIComponent(key)}`;
}

// The request.

function bundleBody({ key, model, requests }: LaneBundle): Record<string, unknown> {
  return { key, model, prompts: requests.map(promptBody) };
}

function promptBody(request: LaneRequest): Record<string, unknown> {
  return {
    key: request.key,
    prompt: request.prompt,
    ...(request.negativePrompt !== undefined && { negative_prompt: request.negativePrompt }),
    width: request.size.width,
    height: request.size.height,
    quality: request.quality,
    ...(request.seed !== undefined && { seed: request.seed }),
    count: request.count,
    format: request.format,
    ...(request.references.length > 0 && { references: request.references.map(referenceBody) }),
  };
}

function referenceBody(reference: Reference): Record<string, unknown> {
  switch (reference.kind) {
    case 'url':
      return { url: reference.url };
    case 'uploaded':
      return { handle: reference.handle };
    case 'bytes':
      return {
        b64: Buffer.from(reference.bytes).toString('base64'),
        media_type: reference.mediaType,
      };
  }
}
