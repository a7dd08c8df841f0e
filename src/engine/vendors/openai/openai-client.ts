/**
 * OpenAI's official client as we use it: it writes the requests; retries, time-outs and what is known
 * of a lost call are ours.
 */
import OpenAI from 'openai';
import { giveBack } from '../../core/give-back.ts';
import { type Lost, streamCall, wholeOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';

/** An answer of OpenAI's in its own error shape, or in a proxy's. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly headers: Headers;
  /** The `error` object of the body, when it has one. */
  readonly error: unknown;
  readonly words: string;
}

export interface Success {
  readonly kind: 'success';
  readonly headers: Headers;
  /** `undefined` when it is no JSON: a cut answer, of which nobody can tell what was made. */
  readonly body: unknown;
}

export type Exchange = Lost | Success | Refusal;

/** An answer that is still to be read; reading it throws when it breaks off. */
export interface OpenStream {
  readonly kind: 'stream';
  readonly body: ReadableStream<Uint8Array>;
}

/** A call of the client that was started: `client.images.generate(…)`. */
type Calling = () => { asResponse(): Promise<Response> };

/** Makes one call and reads its whole answer. Never throws. */
export async function exchange(signal: AbortSignal, calling: Calling): Promise<Exchange> {
  const answer = await respond(signal, calling);
  if (!(answer instanceof Response)) return answer;
  const body = await bodyOf(answer);
  return { kind: 'success', headers: answer.headers, body };
}

/** Bodies that were read before the client saw their answers: pictures, which are not to be copied often. */
const wholes = new WeakMap<Response, Uint8Array>();

async function bodyOf(answer: Response): Promise<unknown> {
  const whole = wholes.get(answer);
  if (whole === undefined) return await answer.json().catch(() => undefined);
  try {
    return JSON.parse(new TextDecoder().decode(whole)) as unknown;
  } catch {
    return undefined;
  } finally {
    wholes.delete(answer);
    giveBack(whole);
  }
}

/** The bytes as they are; `Response` would copy them. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull: (controller) => {
        controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Makes one call of a client that streams, and leaves the body to the caller. Never throws. */
export async function openStream(
  signal: AbortSignal,
  calling: Calling,
): Promise<OpenStream | Refusal | Lost> {
  const answer = await respond(signal, calling);
  if (!(answer instanceof Response)) return answer;
  return { kind: 'stream', body: answer.body ?? new Blob([]).stream() };
}

async function respond(signal: AbortSignal, calling: Calling): Promise<Response | Refusal | Lost> {
  if (signal.aborted) return { kind: 'lost', sent: false, words: 'Stopped before it was sent.' };
  try {
    return await calling().asResponse();
  } catch (error) {
    return readError(error);
  }
}

function readError(error: unknown): Refusal | Lost {
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

/**
 * @param options.streams leave the bodies of good answers unread, for files that are too long to be
 *   held; otherwise each is read before the client sees it
 */
export function createOpenaiClient(
  config: LaneConfig,
  { streams = false }: { readonly streams?: boolean } = {},
): OpenAI {
  return new OpenAI({
    apiKey: config.apiKey,
    baseURL: withoutSlash(config.baseUrl),
    // These would be read from the environment, which is the doors' business.
    organization: null,
    project: null,
    adminAPIKey: config.adminKey ?? null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: LONGEST_TIMER_MS,
    fetch: fetchOf(config, streams),
  });
}

function fetchOf({ fetch }: LaneConfig, streams: boolean): typeof globalThis.fetch {
  const ours: typeof globalThis.fetch = async (url, init) => {
    const answer = await streamCall({
      fetch,
      method: init?.method === 'POST' ? 'POST' : 'GET',
      url: url instanceof Request ? url.url : url.toString(),
      headers: new Headers(init?.headers),
      body: init?.body,
      signal: init?.signal ?? new AbortController().signal,
    });
    if (answer.kind === 'lost') throw new LostCall(answer);
    const { status, headers } = answer;
    const isGood = status >= 200 && status < 300;
    const read = streams && isGood ? answer : await wholeOf(answer);
    if (read.kind === 'lost') throw new LostCall(read);
    if (read.kind === 'stream') return new Response(read.body, { status, headers });
    const body = BODILESS.has(status) ? null : streamOf(read.body);
    const response = new Response(body, { status, headers });
    if (isGood) wholes.set(response, read.body);
    return response;
  };
  // The client would find out by a call of `data:,` whether forms can be sent.
  return Object.assign(ours, { Response });
}

/** Statuses that `Response` takes no body for. */
const BODILESS = new Set([204, 205, 304]);
