/** The cookie of a browser's session, and what a request that has it must show besides. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import type { ServeSettings } from '../serve-settings.ts';

export const SESSION_COOKIE = 'imagemill_session';
/** A page of another origin cannot send it without asking, and is never allowed to. */
const OWN_HEADER = 'x-requested-with';
const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The value, if this is a request of our own pages: cookies are shared by all ports of a host and all
 * hosts of a site, so that a neighbour's page would send ours as well.
 */
export function sessionToken(c: AppContext): string | undefined {
  return ownCookie(c, SESSION_COOKIE);
}

export function ownCookie(c: AppContext, name: string): string | undefined {
  const site = c.req.header('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return undefined;
  return getCookie(c, name);
}

export function giveSessionCookie(
  c: AppContext,
  settings: ServeSettings,
  { token, lastsMs }: { readonly token: string; readonly lastsMs: number },
): void {
  setCookie(c, SESSION_COOKIE, token, {
    ...cookieAttributes(settings),
    maxAge: Math.max(0, Math.floor(lastsMs / 1000)),
  });
}

export function takeSessionCookie(c: AppContext, settings: ServeSettings): void {
  deleteCookie(c, SESSION_COOKIE, cookieAttributes(settings));
}

/** Throws a `forbidden` problem for a change that a page of another origin may have asked for. */
export function checkSameOrigin(c: AppContext, { publicUrl }: ServeSettings): void {
  if (CHANGES_NOTHING.includes(c.req.method)) return;
  const own = [new URL(publicUrl).origin, new URL(c.req.url).origin];
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const isOwn = site === undefined ? origin !== undefined : site === 'same-origin';
  if (!isOwn || (origin !== undefined && !own.includes(origin))) {
    throw new ProblemError(
      'forbidden',
      `A session may change something from pages of ${own[0]} only: the request has no such Origin. Behind a proxy, that is what the service has to be told as its public URL.`,
    );
  }
  if (c.req.header(OWN_HEADER) === undefined) {
    throw new ProblemError(
      'forbidden',
      'A session may change something only with the header `X-Requested-With`; its value does not matter.',
    );
  }
}

/** No script reads it, and no other site sends it. */
export function cookieAttributes({ publicUrl }: ServeSettings, path = '/') {
  return {
    path,
    httpOnly: true,
    sameSite: 'Strict',
    secure: isHttps(publicUrl),
  } as const;
}

export function isHttps(url: string): boolean {
  return new URL(url).protocol === 'https:';
}
