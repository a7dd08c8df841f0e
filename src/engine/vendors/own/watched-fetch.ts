/**
 * A `fetch` for other people's clients. It keeps what became of each call, so that we know what their
 * errors do not tell: whether an order was sent, and whether it was taken. It lets no order be sent again
 * after one that failed, and leads to no address that the vendor may not answer from.
 */
import { type CallAnswer, type WholeResponse, call, jsonOf } from '../http.ts';
import { refusedAddress } from '../result-address.ts';

/** One call that the client made. */
export interface Exchange {
  /** A POST may have ordered something, a GET cannot. */
  readonly isOrder: boolean;
  /** While there is none, the call counts as lost. */
  readonly answer: CallAnswer;
  /** The answer's JSON, where it is short enough to be anything but pictures. */
  readonly json: unknown;
}

const NO_ANSWER: CallAnswer = { kind: 'lost', sent: true, words: 'No answer came in time.' };

export interface WatchedFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly exchanges: readonly Exchange[];
}

export interface Watch {
  readonly fetch: typeof globalThis.fetch;
  /** Absent: the origin of the first call counts as the vendor's own. */
  readonly baseUrl?: string;
  readonly signal: AbortSignal;
  /** Ends the client's work after an answer that says that the task has ended. */
  readonly isEnd: (json: unknown) => boolean;
}

/** Longer answers hold pictures. */
const LONGEST_JSON_BYTES = 256 * 1024;

export function watchFetch(watch: Watch): WatchedFetch {
  const exchanges: Exchange[] = [];
  let origin = watch.baseUrl;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, { ...init, signal: null });
    const isOrder = request.method !== 'GET' && request.method !== 'HEAD';
    origin ??= request.url;
    const refused = isOrder
      ? whyNotOrdered(request, exchanges)
      : refusedAddress(request.url, origin);
    if (refused !== undefined) throw new Error(refused);
    const sent = isOrder ? { body: await request.bytes() } : {};
    watch.signal.throwIfAborted();
    // Noted before it is sent: whoever stops waiting must know of it.
    const place = exchanges.push({ isOrder, answer: NO_ANSWER, json: undefined }) - 1;
    const answer = await call({
      fetch: watch.fetch,
      method: isOrder ? 'POST' : 'GET',
      url: request.url,
      headers: request.headers,
      ...sent,
      signal: init?.signal ? AbortSignal.any([watch.signal, init.signal]) : watch.signal,
    });
    const json = answer.kind === 'response' ? shortJson(answer) : undefined;
    exchanges[place] = { isOrder, answer, json };
    if (answer.kind === 'lost') throw new Error(answer.words);
    if (isTaken(answer) && watch.isEnd(json)) throw new Error('The vendor has ended the task.');
    const { status, headers, body } = answer;
    return new Response(BODILESS.has(status) ? null : body, { status, headers });
  };
  return { fetch, exchanges };
}

function whyNotOrdered(request: Request, before: readonly Exchange[]): string | undefined {
  if (request.method !== 'POST') return `A ${request.method} is not sent for a package.`;
  const failed = before.find(({ isOrder, answer }) => isOrder && !isTaken(answer));
  return failed && 'Nothing is sent again after an order that failed.';
}

/** The vendor said yes. */
export function isTaken(answer: CallAnswer): boolean {
  return answer.kind === 'response' && answer.status >= 200 && answer.status < 300;
}

function shortJson(answer: WholeResponse): unknown {
  return answer.body.length <= LONGEST_JSON_BYTES ? jsonOf(answer) : undefined;
}

/** Statuses that `Response` takes no body for. */
const BODILESS = new Set([204, 205, 304]);
