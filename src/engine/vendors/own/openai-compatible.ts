/**
 * Servers that speak OpenAI's images endpoint (LocalAI, stable-diffusion.cpp, Ollama, LiteLLM, …): its
 * standard fields, and whatever else the user's options name. They differ in their errors and in whether
 * a picture comes inside the answer or by address. A lost answer cannot be looked up.
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { formatSize } from '../../core/size.ts';
import { answerFailure } from './answer-failure.ts';
import {
  type CompatibleVendor,
  type ConfiguredLaneConfig,
  keyHeaders,
  optionsOf,
} from './configured-vendor.ts';
import { download } from '../download.ts';
import { failed, lostFailure } from '../failures.ts';
import { call, jsonOf } from '../http.ts';
import { withoutSlash } from '../lane-config.ts';
import { fillPlaceholders, valuesOf } from './placeholders.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { Answered, LaneImage, LaneRequest, ReferenceBytes, VendorLane } from '../vendor.ts';

/** `baseUrl` as OpenAI's clients take it, with its `/v1`: `http://127.0.0.1:8080/v1`. */
export function createCompatibleLane(config: ConfiguredLaneConfig<CompatibleVendor>): VendorLane {
  const { name, vendor, apiKey, fetch, clock } = config;
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(apiKey);
  const headers = keyHeaders(apiKey, vendor.keyHeader);
  return {
    vendor: name,
    account: accountOf(name, baseUrl, apiKey),
    async submit(request, { signal }) {
      const order = orderOf(vendor, request);
      if ('problem' in order)
        return failed({ kind: 'invalid-request', words: order.problem }, scrub);
      const answer = await call({
        fetch,
        method: 'POST',
        url: `${baseUrl}${order.path}`,
        headers: { ...headers, ...order.headers },
        body: order.body,
        signal,
      });
      if (answer.kind === 'lost') return failed(lostFailure(answer), scrub);
      if (answer.status >= 300) return failed(answerFailure(answer, clock.now()), scrub);
      return readAnswer(jsonOf(answer), request, baseUrl) ?? failed(UNREADABLE, scrub);
    },
    fetch: (url, context) => download({ fetch, baseUrl }, url, context),
  };
}

// The request.

type Order =
  | {
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | { readonly problem: string };

function orderOf(vendor: CompatibleVendor, request: LaneRequest): Order {
  const fields = fieldsOf(vendor, request);
  if (request.references.length === 0) {
    const headers = { 'content-type': 'application/json' };
    return { path: '/images/generations', headers, body: fields };
  }
  const files = request.references.filter((reference) => reference.kind === 'bytes');
  if (files.length < request.references.length) {
    return { problem: 'This server takes reference pictures as files only, not by address.' };
  }
  return { path: '/images/edits', headers: {}, body: formOf(fields, files) };
}

/** The user's options come last, so that a null takes a field away that the server does not know. */
function fieldsOf(vendor: CompatibleVendor, request: LaneRequest): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    model: request.model,
    prompt: request.prompt,
    n: request.count,
    size: formatSize(request.size),
    response_format: 'b64_json',
    ...fillPlaceholders(optionsOf(vendor, request.model), valuesOf(request)),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function formOf(fields: Record<string, unknown>, files: readonly ReferenceBytes[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const name = files.length === 1 ? 'image' : 'image[]';
  for (const [index, { bytes, mediaType }] of files.entries()) {
    const file = new Blob([new Uint8Array(bytes)], { type: mediaType });
    form.append(name, file, `reference-${index + 1}.${mediaType.replace(/^.*\//, '')}`);
  }
  return form;
}

// The answer.

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };

function readAnswer(body: unknown, request: LaneRequest, baseUrl: string): Answered | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const images = parsed.data.data.slice(0, request.count);
  return {
    kind: 'answered',
    images: images.map((image, index) => readImage(image, index, baseUrl)),
  };
}

function readImage({ b64_json, url }: AnswerImage, index: number, baseUrl: string): LaneImage {
  const inside = b64_json || (url?.startsWith('data:') ? url : undefined);
  if (inside) {
    const bytes = Buffer.from(inside.replace(/^data:[^,]*,/, ''), 'base64');
    return { index, kind: 'image', source: { kind: 'bytes', bytes } };
  }
  const address = url ? URL.parse(url, `${baseUrl}/`) : null;
  if (address === null) return { index, kind: 'failed', words: 'The answer has no picture here.' };
  return { index, kind: 'image', source: { kind: 'url', url: address.href } };
}

// The wire, as far as it is read.

const answerSchema = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })),
});
type AnswerImage = z.infer<typeof answerSchema>['data'][number];
