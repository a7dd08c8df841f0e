/** A client of server-sent events, as programs have it: it reads, remembers the last id, and may leave. */
import { createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';

export interface SeenEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

export interface EventClient {
  readonly status: number;
  /** All that came so far. */
  readonly events: SeenEvent[];
  readonly lastId: () => string | undefined;
  /** What the server said about coming again, in ms. */
  readonly retry: () => number | undefined;
  /** Resolves when the stream is over, however that came. */
  readonly over: Promise<'ended' | 'broken'>;
  leave(): void;
}

export async function watchEvents(
  url: string,
  path: string,
  { key, lastId }: { readonly key: string; readonly lastId?: string | undefined },
): Promise<EventClient> {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const answer = await fetch(new URL(path, url), {
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    },
    signal: leaving.signal,
  });
  const events: SeenEvent[] = [];
  let last = lastId;
  let retry: number | undefined;
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => {
      if (id !== undefined) last = id;
      events.push({ event, id, data: JSON.parse(data) as Record<string, unknown> });
    },
    onRetry: (ms) => (retry = ms),
  });
  return {
    status: answer.status,
    events,
    lastId: () => last,
    retry: () => retry,
    over: read(answer.body, (text) => parser.feed(text)),
    leave: () => leaving.abort(),
  };
}

async function read(
  body: ReadableStream<Uint8Array> | null,
  feed: (text: string) => void,
): Promise<'ended' | 'broken'> {
  try {
    for await (const text of (body ?? new ReadableStream()).pipeThrough(
      new TextDecoderStream() as never,
    )) {
      feed(text as string);
    }
    return 'ended';
  } catch {
    return 'broken';
  }
}
