/**
 * One HTTP exchange, as the adapters see it: an answer, whole or as a stream, or a lost one. It never
 * retries, never follows a redirect with a key, and reads no more than it was told to.
 */

/** 256 MiB: ten 4K pictures in base64 and their JSON. */
export const LARGEST_ANSWER_BYTES = 256 * 1024 * 1024;
/** 100 MiB: far above any picture of these models. */
export const LARGEST_IMAGE_BYTES = 100 * 1024 * 1024;

export interface Call {
  readonly fetch: typeof globalThis.fetch;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  /** A string, bytes or a form are sent as they are; anything else as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface WholeCall extends Call {
  /** Most bytes of the answer; more counts as lost. `LARGEST_ANSWER_BYTES` by default. */
  readonly maxBytes?: number;
}

/** A complete answer of whatever status. */
export interface WholeResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** No complete answer. `sent: false` promises that no byte of the request left this machine. */
export interface Lost {
  readonly kind: 'lost';
  readonly sent: boolean;
  readonly words: string;
}

export type CallAnswer = WholeResponse | Lost;

/**
 * An answer whose body is still to be read, or cancelled. Reading it throws when it breaks off, and
 * when the call's signal ends it.
 */
export interface StreamedResponse {
  readonly kind: 'stream';
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
}

export type StreamAnswer = StreamedResponse | Lost;

/** Makes one call and reads its whole answer. Never throws. */
export async function call(options: WholeCall): Promise<CallAnswer> {
  const answer = await streamCall(options);
  return answer.kind === 'lost' ? answer : wholeOf(answer, options.maxBytes);
}

/** Reads the body of an answer, at most `maxBytes` (`LARGEST_ANSWER_BYTES` by default). Never throws. */
export async function wholeOf(
  { status, headers, body }: StreamedResponse,
  maxBytes = LARGEST_ANSWER_BYTES,
): Promise<CallAnswer> {
  try {
    return { kind: 'response', status, headers, body: await readWhole(body, maxBytes) };
  } catch (error) {
    return lostBy(error);
  }
}

/** Makes one call and leaves its body to the caller, for answers too long to be held. Never throws. */
export async function streamCall(options: Call): Promise<StreamAnswer> {
  const prepared = await prepare(options);
  if (prepared.kind === 'lost') return prepared;
  try {
    const { status, headers, body } = await options.fetch(options.url, prepared.init);
    return { kind: 'stream', status, headers, body: body ?? new Blob([]).stream() };
  } catch (error) {
    return lostBy(error);
  }
}

/** The answer's body as JSON, or `undefined` when it is none. */
export function jsonOf(response: WholeResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(response.body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The start of the answer's body as text, for the words of an error. */
export function textOf(response: WholeResponse): string {
  return new TextDecoder().decode(response.body.subarray(0, 300)).trim();
}

/**
 * How long the vendor asks us to wait, in ms: `retry-after-ms`, or `retry-after` in seconds or as an
 * HTTP date. `undefined` when it does not say, or says nonsense.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const ms = numberOf(headers.get('retry-after-ms'));
  if (ms !== undefined) return Math.ceil(ms);
  const text = headers.get('retry-after');
  const seconds = numberOf(text);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  if (text === null || !HTTP_DATE.test(text)) return undefined;
  // oxlint-disable-next-line no-restricted-globals -- reads a text, not the clock
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** `{ retryAfterMs }` or nothing, ready to be spread into a failure. */
export function retryAfterOf(headers: Headers, now: number): { retryAfterMs?: number } {
  const wait = retryAfterMs(headers, now);
  return wait === undefined ? {} : { retryAfterMs: wait };
}

/**
 * True when an error of `fetch` proves that nothing was sent: the name was not found or the
 * connection never stood. Decided from codes and system calls, never from a message. A reset is no
 * such proof: it can come after the request.
 */
export function failedBeforeSending(error: unknown): boolean {
  const causes = causesOf(error);
  return causes.some((cause) => {
    const { code, syscall } = cause as { code?: unknown; syscall?: unknown };
    return syscall === 'connect' || syscall === 'getaddrinfo' || NEVER_CONNECTED.has(String(code));
  });
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  // A certificate is checked before the first byte of HTTP.
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7), the only form still generated. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

type Prepared = { readonly kind: 'ready'; readonly init: RequestInit } | Lost;

/** Builds what `fetch` would otherwise refuse halfway, so that such a fault counts as not sent. */
async function prepare({ url, method, headers, body, signal }: Call): Promise<Prepared> {
  try {
    if (signal.aborted) return { kind: 'lost', sent: false, words: 'Stopped before it was sent.' };
    const { protocol } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') {
      return { kind: 'lost', sent: false, words: `Cannot call an address of "${protocol}".` };
    }
    const init = {
      method,
      headers: new Headers(headers),
      signal,
      // fetch would carry `x-key` headers to wherever a redirect points.
      redirect: 'manual',
    } satisfies RequestInit;
    return { kind: 'ready', init: { ...init, ...(await writeBody(body, init.headers)) } };
  } catch (error) {
    return { kind: 'lost', sent: false, words: wordsOf(error) };
  }
}

/** A form is written out here: another implementation's `fetch` would not know it for one. */
async function writeBody(body: unknown, headers: Headers): Promise<Pick<RequestInit, 'body'>> {
  if (body === undefined) return {};
  if (typeof body === 'string') return { body };
  if (body instanceof Uint8Array) return { body: body as Uint8Array<ArrayBuffer> };
  if (!(body instanceof FormData)) return { body: JSON.stringify(body) };
  const form = new Response(body);
  headers.set('content-type', form.headers.get('content-type') ?? '');
  return { body: new Uint8Array(await form.arrayBuffer()) };
}

function lostBy(error: unknown): Lost {
  return { kind: 'lost', sent: !failedBeforeSending(error), words: wordsOf(error) };
}

async function readWhole(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    // Leaving the loop by a throw cancels the stream.
    if (length > maxBytes) throw new RangeError(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** An error and its causes, at most 8; the parts of an aggregate (each address failed) are among them. */
function causesOf(error: unknown): readonly object[] {
  const found: object[] = [];
  for (let next = error; typeof next === 'object' && next !== null && found.length < 8;) {
    found.push(next);
    next = next instanceof AggregateError ? next.errors[0] : (next as { cause?: unknown }).cause;
  }
  return found;
}

function wordsOf(error: unknown): string {
  const messages = causesOf(error).map((cause) => {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    return [message, typeof code === 'string' ? `(${code})` : '']
      .filter((part) => typeof part === 'string' && part !== '')
      .join(' ');
  });
  return messages.filter((message) => message !== '').join(': ') || String(error);
}

function numberOf(text: string | null): number | undefined {
  if (text === null || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
