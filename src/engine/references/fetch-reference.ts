import type { Clock } from '../core/clock.ts';

export interface FetchReferenceDeps {
  /** Connects to public hosts only (`ports/system-guarded-fetch.ts`). */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** How we name ourselves: some hosts answer nobody without a name. */
  readonly userAgent: string;
}

export type FetchedReference =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** 50 MB: above what any model takes, and a photograph of the largest cameras. */
export const LARGEST_FETCHED_BYTES = 50 * 1024 * 1024;
/** 30 s for one try, redirects and body included. */
export const LONGEST_FETCH_MS = 30_000;
/** As many as browsers need for any address that works. */
const MOST_REDIRECTS = 5;
/** Reading is free: a lost connection or an answer of 429 or 5xx gets another try. */
const TRIES = 2;
const PAUSE_MS = 1_000;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Reads a picture from a web address that somebody wrote into a sheet: http and https only, public hosts
 * only, each hop of a redirect checked like the first, with a cap on bytes and on time. No cookie, key
 * or user name is sent along.
 */
export async function fetchReference(
  deps: FetchReferenceDeps,
  address: string,
): Promise<FetchedReference> {
  for (let left = TRIES - 1; ; left -= 1) {
    const answer = await tryOnce(deps, address);
    if (answer.kind !== 'passing') return answer;
    if (left === 0) return problem(answer.message, 'Check it in a browser, and try again later.');
    await deps.clock.sleep(PAUSE_MS);
  }
}

/** `passing`: another try may do better. */
type Tried = FetchedReference | { readonly kind: 'passing'; readonly message: string };

async function tryOnce(deps: FetchReferenceDeps, address: string): Promise<Tried> {
  const timedOut = new AbortController();
  const ended = new AbortController();
  const timer = deps.clock.sleep(LONGEST_FETCH_MS, ended.signal).then(() => {
    if (!ended.signal.aborted) timedOut.abort();
  });
  try {
    return await follow(deps, address, timedOut.signal);
  } catch (error) {
    if (timedOut.signal.aborted) {
      return {
        kind: 'passing',
        message: `No whole answer came within ${LONGEST_FETCH_MS / 1000} s`,
      };
    }
    return ofError(error);
  } finally {
    ended.abort();
    await timer;
  }
}

async function follow(
  deps: FetchReferenceDeps,
  address: string,
  signal: AbortSignal,
): Promise<Tried> {
  let url = URL.parse(address);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    if (url === null || !/^https?:$/.test(url.protocol)) {
      return problem(
        'It leads to something that is no web address',
        'Give the address of the picture itself.',
      );
    }
    if (url.username !== '' || url.password !== '') return withPassword();
    const response = await deps.fetch(url.href, {
      // A redirect is followed here, where each of its steps is checked.
      redirect: 'manual',
      headers: { accept: 'image/*', 'user-agent': deps.userAgent },
      signal,
    });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return await read(response);
    await response.body?.cancel();
    url = URL.parse(location, url.href);
  }
  return problem('It is redirected again and again', 'Give the address of the picture itself.');
}

async function read(response: Response): Promise<Tried> {
  const { status } = response;
  if (status !== 200) {
    await response.body?.cancel();
    const message = `The server answers with status ${status}`;
    if (status === 429 || status >= 500) return { kind: 'passing', message };
    return problem(message, 'Check the address in a browser where nobody is signed in.');
  }
  if (Number(response.headers.get('content-length') ?? 0) > LARGEST_FETCHED_BYTES) {
    await response.body?.cancel();
    return tooLarge();
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    // Leaving the loop cancels the rest.
    if (length > LARGEST_FETCHED_BYTES) return tooLarge();
    parts.push(part);
  }
  return { kind: 'fetched', bytes: Buffer.concat(parts) };
}

function ofError(error: unknown): Tried {
  const codes = causesOf(error).map((cause) => String((cause as { code?: unknown }).code));
  if (codes.includes('PRIVATE_ADDRESS')) {
    return problem(
      'The address is inside a private network, and only public ones are read',
      'Save the picture as a file and name it, or allow such addresses (references: { allow_private: true } in imagemill.yaml).',
    );
  }
  if (codes.includes('ENOTFOUND')) {
    return problem('There is no host of this name', 'Correct the address.');
  }
  const code = codes.find((each) => /^[A-Z_0-9]{3,}$/.test(each));
  return {
    kind: 'passing',
    message: `The address cannot be read${code === undefined ? '' : ` (${code})`}`,
  };
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.push(cause);
    if (cause instanceof AggregateError) causes.push(...(cause.errors as unknown[]));
  }
  return causes;
}

function tooLarge(): FetchedReference {
  return problem(
    `The picture has more than ${LARGEST_FETCHED_BYTES / (1024 * 1024)} MB`,
    'Make a smaller copy of it.',
  );
}

function withPassword(): FetchedReference {
  return problem(
    'The address holds a user name or password, which does not belong in a sheet',
    'Save the picture as a file and name it.',
  );
}

function problem(message: string, remedy: string): FetchedReference {
  return { kind: 'problem', message, remedy };
}
