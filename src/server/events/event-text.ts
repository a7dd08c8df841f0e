/** Events as they stand in a stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export interface EventParts {
  readonly event: string;
  /** What a client names when it comes again; absent: it keeps the one before. */
  readonly id?: string;
  readonly data: object;
}

/** JSON has no line breaks, so one `data` line is enough. */
export function eventText({ event, id, data }: EventParts): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** A comment: it keeps proxies from closing what is quiet. */
export const HEARTBEAT = ':\n\n';

/** When to come again, and the id to come with where nothing has happened yet. No event is seen. */
export function openingText(retryMs: number, id?: string): string {
  return `retry: ${retryMs}\n${id === undefined ? '' : `id: ${id}\n`}\n`;
}

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold events back until a buffer is full.
  'x-accel-buffering': 'no',
} as const;
