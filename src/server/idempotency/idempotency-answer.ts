/** How the answer to a request with an `Idempotency-Key` is remembered. */
import type { RequestEnd } from '../../engine/index.ts';

/** Characters of an answer that are kept; a longer one is made again from what it is about. */
const MOST_KEPT = 64 * 1024;
const KEPT_HEADERS = ['content-type', 'location', 'retry-after', 'cache-control'];
/** Refusals for what the request is: nothing was done, and the corrected one may have the same key. */
const NOTHING_DONE = new Set([400, 401, 403, 405, 406, 413, 415, 422, 429]);
/** Keys, secrets of links and signing secrets are kept nowhere, so that reading the store gives none away. */
const SECRET = /\b(?:(?:imi?|shr)_[a-z0-9]{32,64}|whsec_[A-Za-z0-9+/=]{16,})/;

export async function endOf(answer: Response): Promise<RequestEnd> {
  const { status } = answer;
  if (status >= 500) return { state: 'open' };
  if (NOTHING_DONE.has(status)) return { state: 'refused' };
  const body = await textOf(answer);
  if (body === undefined) return { state: 'remake' };
  if (SECRET.test(body)) return { state: 'told-once' };
  if (body.length > MOST_KEPT) return { state: 'remake' };
  return { state: 'answered', answer: { status, headers: headersOf(answer), body } };
}

/** `undefined`: it is a stream, or no text. */
async function textOf(answer: Response): Promise<string | undefined> {
  if (answer.body === null) return '';
  if (!/^application\/(?:[\w.-]+\+)?json\b/.test(answer.headers.get('content-type') ?? '')) return;
  return answer.clone().text();
}

function headersOf(answer: Response): Record<string, string> {
  const headers = KEPT_HEADERS.map((name) => [name, answer.headers.get(name)] as const);
  return Object.fromEntries(headers.filter(([, value]) => value !== null)) as Record<
    string,
    string
  >;
}
