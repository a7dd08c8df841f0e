/** Sends requests, and sends them again where that is safe. */
import { ApiError, errorOf } from './api-error.ts';

/** Sendings of one call. */
const MOST_SENDINGS = 4;
const FIRST_WAIT_MS = 500;
/** A server that wants a longer pause is not waited for: the caller is told how long it is. */
const LONGEST_WAIT_MS = 60_000;

export interface ClientOptions {
  /** Where the server is: `https://images.example.com`. In a browser: where the page is from. */
  readonly baseUrl: string;
  /** `im_…`. Absent: the session of the browser. */
  readonly apiKey?: string;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
  /** Times that a call is sent again at most. Default: 3; 0: never. */
  readonly retries?: number;
  /** Waits, for tests that move time. Default: the platform's timer. */
  readonly sleep?: (waitMs: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface Sending {
  readonly method: string;
  /** With its query, beginning with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData | Blob;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's own number. */
  readonly retries?: number;
}

export class Transport {
  readonly #options: ClientOptions;
  readonly #baseUrl: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  sleep(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return (this.#options.sleep ?? pause)(waitMs, signal);
  }

  /** A good answer; throws `ApiError` for every other one, and the signal's reason when it is aborted. */
  async send(sending: Sending): Promise<Response> {
    const most = 1 + (sending.retries ?? this.#options.retries ?? MOST_SENDINGS - 1);
    for (let sent = 1; ; sent += 1) {
      const outcome = await this.#sendOnce(sending);
      if (!(outcome instanceof ApiError)) return outcome;
      const waitMs = waitOf(outcome, sent);
      if (sent >= most || waitMs === undefined) throw outcome;
      await this.sleep(waitMs, sending.signal);
    }
  }

  async #sendOnce(sending: Sending): Promise<Response | ApiError> {
    const { method, path, body, signal } = sending;
    const send = this.#options.fetch ?? globalThis.fetch;
    try {
      const answer = await send(`${this.#baseUrl}${path}`, {
        method,
        headers: { ...this.#headers(), ...sending.headers },
        ...(body !== undefined && { body }),
        ...(signal !== undefined && { signal }),
      });
      return answer.ok || answer.status === 304 ? answer : await errorOf(answer);
    } catch (cause) {
      signal?.throwIfAborted();
      const text = `${method} ${this.#baseUrl}${path} could not be reached.`;
      return new ApiError(text, { code: 'unreachable', status: 0, cause });
    }
  }

  #headers(): Record<string, string> {
    const { apiKey } = this.#options;
    // A form of another site cannot send this header: it is what the server asks of sessions.
    return apiKey === undefined
      ? { 'x-requested-with': 'imagemill' }
      : { authorization: `Bearer ${apiKey}` };
  }
}

/**
 * How long to wait before it is sent again; `undefined`: not at all. Each request can be repeated, since a POST
 * has its key; what was answered for good is answered the same way again.
 */
function waitOf({ code, status, retryAfterMs }: ApiError, sent: number): number | undefined {
  const isBusy = code === 'conflict' && retryAfterMs !== undefined;
  if (!isBusy && status !== 0 && status !== 429 && status !== 503) return undefined;
  const waitMs = retryAfterMs ?? FIRST_WAIT_MS * 2 ** (sent - 1);
  return waitMs > LONGEST_WAIT_MS ? undefined : waitMs;
}

async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  const stop = () => {
    clearTimeout(timer);
    reject(signal?.reason as Error);
  };
  signal?.addEventListener('abort', stop, { once: true });
  await promise.finally(() => signal?.removeEventListener('abort', stop));
}
