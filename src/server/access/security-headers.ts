/** Headers by which browsers do nothing with an answer but read it. A page of ours brings its own. */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from '../app-env.ts';
import type { ServeSettings } from '../serve-settings.ts';
import { isHttps } from './session-cookie.ts';

const HALF_A_YEAR = 'max-age=15768000';
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/;

export function securityHeaders({ publicUrl }: ServeSettings): MiddlewareHandler<AppEnv> {
  return secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    // Said over http, it would lock a browser out of a server that has no certificate.
    strictTransportSecurity: isHttps(publicUrl) ? HALF_A_YEAR : false,
    overwrite: false,
  });
}

/** What is told to a key is kept by no cache, unless its route says so. */
export function keepOutOfCaches(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    if (!JSON_TYPE.test(headers.get('content-type') ?? '')) return;
    if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
  };
}
