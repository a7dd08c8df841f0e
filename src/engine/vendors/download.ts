import { LARGEST_IMAGE_BYTES, call } from './http.ts';
import type { CallContext, FetchAnswer } from './vendor.ts';

/**
 * Downloads a picture by its address. No key goes along, since results lie on other origins than the
 * API, and so redirects may be followed.
 */
export async function download(
  fetch: typeof globalThis.fetch,
  url: string,
  { signal }: CallContext,
): Promise<FetchAnswer> {
  const answer = await call({
    fetch,
    method: 'GET',
    url,
    signal,
    maxBytes: LARGEST_IMAGE_BYTES,
    redirect: 'follow',
  });
  if (answer.kind === 'lost') return { kind: 'interrupted', words: answer.words };
  if (EXPIRED.has(answer.status)) return { kind: 'expired', words: `HTTP ${answer.status}` };
  if (answer.status !== 200) return { kind: 'interrupted', words: `HTTP ${answer.status}` };
  if (answer.body.length === 0) return { kind: 'interrupted', words: 'The answer was empty' };
  return { kind: 'fetched', bytes: answer.body };
}

/** How object stores answer for a signed address that is over, or a file that is gone. */
const EXPIRED = new Set([403, 404, 410]);
