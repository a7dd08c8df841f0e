import { LARGEST_IMAGE_BYTES, call, type WholeResponse } from './http.ts';
import { refusedAddress } from './result-address.ts';
import type { CallContext, FetchAnswer } from './vendor.ts';

/** Hosts that one address may lead over. */
const MOST_REDIRECTS = 3;

/**
 * Downloads a picture by its address. No key goes along, since results lie on other origins than the
 * API; each address, also of a redirect, must be one that the vendor of `baseUrl` may answer from.
 */
export async function download(
  { fetch, baseUrl }: { readonly fetch: typeof globalThis.fetch; readonly baseUrl: string },
  address: string,
  { signal }: CallContext,
): Promise<FetchAnswer> {
  let url = address;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const refused = refusedAddress(url, baseUrl);
    if (refused !== undefined) return { kind: 'forbidden', words: refused };
    const answer = await call({ fetch, method: 'GET', url, signal, maxBytes: LARGEST_IMAGE_BYTES });
    if (answer.kind === 'lost') return { kind: 'interrupted', words: answer.words };
    const next = answer.status >= 300 && answer.status < 400 && answer.headers.get('location');
    if (!next) return readAnswer(answer);
    url = new URL(next, url).href;
  }
  return { kind: 'interrupted', words: `More than ${MOST_REDIRECTS} redirects` };
}

function readAnswer({ status, body }: WholeResponse): FetchAnswer {
  if (EXPIRED.has(status)) return { kind: 'expired', words: `HTTP ${status}` };
  if (status !== 200) return { kind: 'interrupted', words: `HTTP ${status}` };
  if (body.length === 0) return { kind: 'interrupted', words: 'The answer was empty' };
  return { kind: 'fetched', bytes: body };
}

/** How object stores answer for a signed address that is over, or a file that is gone. */
const EXPIRED = new Set([403, 404, 410]);
