import type { Failure } from '../core/failure.ts';
import type { Lost } from './http.ts';
import type { Failed } from './vendor.ts';

/** What a call without a whole answer means. */
export function lostFailure(lost: Lost): Failure {
  return lost.sent
    ? { kind: 'unknown', words: `No answer: ${lost.words}` }
    : { kind: 'not-sent', words: lost.words };
}

/**
 * What a status means when the body is not in the vendor's own error shape, so that a proxy or a
 * load balancer may have written it: only what plainly stopped the request at the door is taken for
 * a no; a 429 or 503 is not, since the request may have gone on behind it.
 */
export function bareFailure(status: number, words: string): Failure {
  const said = `HTTP ${status}${words === '' ? '' : `: ${words}`}`;
  if (status === 401 || status === 403) return { kind: 'key-unusable', words: said };
  if (status === 402) return { kind: 'account-exhausted', words: said };
  if (NOT_SERVED_HERE.has(status)) return { kind: 'model-gone', words: said };
  if (status >= 400 && status < 500 && !MAY_HAVE_RUN.has(status)) {
    return { kind: 'invalid-request', words: said };
  }
  return { kind: 'unknown', words: said };
}

/** Every further request would go the same way: a wrong base URL, or a path that is gone. */
const NOT_SERVED_HERE = new Set([301, 302, 307, 308, 404, 410]);
const MAY_HAVE_RUN = new Set([408, 409, 425, 429]);

/** Wraps a failure as a lane's answer, its words without the key. */
export function failed(
  failure: Failure,
  scrub: (words: string) => string,
  more: Omit<Failed, 'kind' | 'failure'> = {},
): Failed {
  return { kind: 'failed', failure: { ...failure, words: scrub(failure.words) }, ...more };
}
