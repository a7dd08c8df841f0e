/** Server-sent events that go on where they ended, over lost connections and restarts of the server. */
import { createParser } from 'eventsource-parser';
import type { ApiRoute } from '../define-route.ts';
import { ApiError } from './api-error.ts';
import type { Caller } from './caller.ts';
import type { CallOptions, Endpoint, Input } from './endpoint.ts';

/** Until the server says otherwise. */
const COME_AGAIN_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Connections in a row that brought nothing, each of them tried several times: some minutes. */
const MOST_FAILURES = 10;
/** An event is far smaller; a server that never ends one shall not fill the memory. */
const MOST_CHARACTERS = 4 * 2 ** 20;

export interface StreamedEvent {
  readonly event: string;
  /** Give it as `lastEventId` to go on after it. */
  readonly id: string | undefined;
  readonly data: unknown;
}

export interface StreamOptions extends CallOptions {
  /** The last event that the caller has. */
  readonly lastEventId?: string;
}

export interface StreamOrder<Route extends ApiRoute> {
  readonly to: Endpoint<Route>;
  readonly input: Input<Route>;
  /** The event with which the stream has told everything. */
  readonly last?: string;
}

/**
 * Ends when the server has no more to tell. Throws the signal's reason when it is aborted, and `ApiError` when
 * the server refuses, or cannot be reached for long.
 */
export async function* streamEvents<Route extends ApiRoute>(
  caller: Caller,
  { to, input, last }: StreamOrder<Route>,
  { lastEventId, ...call }: StreamOptions = {},
): AsyncGenerator<StreamedEvent, void, undefined> {
  const place = { id: lastEventId, pauseMs: COME_AGAIN_MS, failures: 0 };
  for (;;) {
    try {
      const answer = await caller.fetch(to, input, { ...call, headers: headersAt(place.id, call) });
      if (answer.status === 204 || answer.body === null) return;
      const setPause = (ms: number) => (place.pauseMs = ms);
      for await (const { id, event, data } of blocksOf(answer.body, setPause)) {
        place.failures = 0;
        if (id !== undefined) place.id = id;
        if (event === undefined || data === undefined) continue;
        yield { event, id, data: JSON.parse(data) as unknown };
        if (event === last) return;
      }
    } catch (error) {
      call.signal?.throwIfAborted();
      if ((error instanceof ApiError && !mayPass(error)) || place.failures >= MOST_FAILURES) {
        throw error;
      }
    }
    const waitMs = Math.min(place.pauseMs * 2 ** place.failures, LONGEST_WAIT_MS);
    place.failures += 1;
    await caller.transport.sleep(waitMs, call.signal);
  }
}

function headersAt(id: string | undefined, { headers }: CallOptions): Record<string, string> {
  return {
    ...headers,
    accept: 'text/event-stream',
    ...(id !== undefined && { 'last-event-id': id }),
  };
}

/** An event, or an id that stands alone. */
interface Block {
  readonly id?: string | undefined;
  readonly event?: string | undefined;
  readonly data?: string;
}

/** One after the other: an id counts as seen only when all before it was handed over. */
async function* blocksOf(
  body: ReadableStream<Uint8Array>,
  onRetry: (ms: number) => void,
): AsyncGenerator<Block, void, undefined> {
  const found: Block[] = [];
  const parser = createParser({
    onEvent: (event) => found.push(event),
    onId: (id) => found.push({ id }),
    onRetry,
    maxBufferSize: MOST_CHARACTERS,
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* found.splice(0);
    }
  } finally {
    // Who stops listening lets the connection go.
    await reader.cancel().catch(() => {});
  }
}

/** What another attempt may find better: no answer, a full or stopping server. */
function mayPass({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 500;
}
