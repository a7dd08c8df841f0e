/** A call that was made through `recordedFetch`. */
export interface RecordedCall {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: string | undefined;
  /** The JSON that was sent; `undefined` without a body. */
  readonly body: unknown;
}

/**
 * A `fetch` that answers with recorded answers, one a call in their order, and keeps the calls. An
 * `Error` is thrown, like a connection that failed. Throws when there are more calls than answers.
 */
export function recordedFetch(...answers: readonly (Response | Error)[]) {
  const calls: RecordedCall[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
    const headers = new Headers(init?.headers);
    calls.push({ url, method: init?.method ?? 'GET', headers, redirect: init?.redirect, body });
    const answer = answers[calls.length - 1];
    if (answer === undefined) throw new Error(`No answer was recorded for call ${calls.length}.`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { fetch, calls };
}

/** How undici tells a failed call: a code, and whether it was the connecting that failed. */
export function fetchFailure(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
