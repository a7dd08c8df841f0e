/** How much of a body is read at most: JSON less than uploads, which go to the disk. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppEnv } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import type { ServeSettings } from '../serve-settings.ts';

/** What anybody may send without a key: an event of Stripe has some kilobytes. */
const OPEN_TO_ALL = '/stripe/webhook';
const MOST_OPEN_BYTES = 2 ** 18;

/** What says before how long it is may be longer; it comes in as many pieces as its client likes. */
const RESUMED = /^\/v1\/uploads\/[^/]+$/;

export function boundBody(settings: ServeSettings): MiddlewareHandler<AppEnv> {
  const open = limit(Math.min(MOST_OPEN_BYTES, settings.mostJsonBytes));
  const json = limit(settings.mostJsonBytes);
  const upload = limit(settings.mostUploadBytes);
  const resumed = limit(settings.mostResumedBytes);
  return (c, next) => {
    if (c.req.path === OPEN_TO_ALL) return open(c, next);
    if (RESUMED.test(c.req.path)) return resumed(c, next);
    return (isUpload(c.req.header('content-type')) ? upload : json)(c, next);
  };
}

/** Anything that says what it is, and is not JSON: it is streamed, never held as a whole. */
export function isUpload(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === '') return false;
  return !/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

function limit(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new ProblemError('too-large', `The body has more than ${maxSize} bytes.`);
    },
  });
}
