/** A call that was made through `recordedFetch`. */
export interface RecordedCall {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: string | undefined;
  /** The JSON that was sent; `undefined` without a body. */
  readonly body: unknown;
  /** Bytes that were sent: a file, or a form as it is written out. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

/** The form that a call sent. */
export function formOf({ headers, bytes }: RecordedCall): Promise<FormData> {
  return new Response(bytes ?? null, { headers }).formData();
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
    const bytes = init?.body instanceof Uint8Array ? new Uint8Array(init.body) : undefined;
    const { method = 'GET', redirect } = init ?? {};
    calls.push({ url, method, headers, redirect, body, bytes });
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
