/** Calls routes of the contract by their types. */
import type { ApiRoute } from '../define-route.ts';
import type { Answer, CallOptions, Endpoint, Entry, Input } from './endpoint.ts';
import { type Sending, Transport, type ClientOptions } from './transport.ts';

/** Of a path or a query. */
type Words = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a route's input comes to, whatever its type. */
interface AnyInput {
  readonly params?: Words;
  readonly query?: Words | undefined;
  readonly json?: unknown;
  readonly form?: FormData;
}

export class Caller {
  readonly transport: Transport;

  constructor(options: ClientOptions) {
    this.transport = new Transport(options);
  }

  /** The body of the answer. Throws `ApiError`. */
  async call<Route extends ApiRoute>(
    to: Endpoint<Route>,
    input: Input<Route>,
    options: CallOptions = {},
  ): Promise<Answer<Route>> {
    const answer = await this.fetch(to, input, options);
    if (answer.status === 204) return undefined as Answer<Route>;
    return (await answer.json()) as Answer<Route>;
  }

  /** The answer as it came, for bytes and streams. Throws `ApiError`. */
  async fetch<Route extends ApiRoute>(
    to: Endpoint<Route>,
    input: Input<Route>,
    options: CallOptions = {},
  ): Promise<Response> {
    return this.transport.send(sendingOf(to, input as AnyInput, options));
  }

  /** Every entry of a list, page after page. */
  async *entries<Route extends ApiRoute>(
    to: Endpoint<Route>,
    input: Input<Route>,
    options: CallOptions = {},
  ): AsyncGenerator<Entry<Route>, void, undefined> {
    let after: string | null | undefined;
    do {
      const query = { ...(input as AnyInput).query, ...(after !== undefined && { after }) };
      const answer = await this.call(to, { ...(input as object), query } as Input<Route>, options);
      const page = answer as unknown as { data: Entry<Route>[]; next: string | null };
      yield* page.data;
      after = page.next;
    } while (after !== null);
  }
}

function sendingOf<Route extends ApiRoute>(
  { method, path }: Endpoint<Route>,
  { params = {}, query = {}, json, form }: AnyInput,
  { headers, signal, idempotencyKey }: CallOptions,
): Sending {
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  return {
    method: method.toUpperCase(),
    path: `${filled(path, params)}${queryText(query)}`,
    headers: {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'post' && { 'idempotency-key': idempotencyKey ?? randomKey() }),
      ...headers,
    },
    ...(body !== undefined && { body }),
    signal,
  };
}

/** A path with its words filled in, each staying one word. */
function filled(path: string, params: Words): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name]);
    // A URL takes these for a way up, however they are written.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`"${value}" cannot be a ${name}.`);
    return encodeURIComponent(value);
  });
}

function queryText(query: Words): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) words.set(name, String(value));
  }
  return words.size === 0 ? '' : `?${words.toString()}`;
}

/** 128 bits: `randomUUID` is not there in browsers on plain http. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
