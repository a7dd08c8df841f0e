/** Whoever was sent a link: shows its secret once, and is known by a cookie of that one page from then on. */
import type { MiddlewareHandler } from 'hono';
import { setCookie } from 'hono/cookie';
import type { AppContext, AppEnv, ServerDeps } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { addressOf } from './client-address.ts';
import { Guesses } from './guesses.ts';
import { RequestRate } from './request-rate.ts';
import { checkSameOrigin, cookieAttributes, ownCookie } from './session-cookie.ts';

/** How the secrets of links begin. */
export const SHARE_SECRET = 'shr_';
const SHARE_COOKIE = 'imagemill_share';
/** A visitor who comes back later opens the link again. */
const LONGEST_COOKIE_SECONDS = 30 * 86_400;

/** Throws a problem for everybody else: the same one, whether there is such a page or not. */
export function shareVisitor(deps: ServerDeps): MiddlewareHandler<AppEnv> {
  const { settings, engine } = deps;
  const guesses = new Guesses(settings.guessesPerMinute);
  const rate = new RequestRate(settings.requestsPerMinute, 'This page');
  const clientAddress = addressOf(settings.trustedProxies);
  return async (c, next) => {
    const id = c.req.param('share') ?? '';
    const isOpening = c.req.path.endsWith('/open');
    const secret = isOpening ? shownSecret(c) : ownCookie(c, SHARE_COOKIE);
    if (secret === undefined) throw noVisitor();
    const address = clientAddress(c);
    await guesses.check(address, secret);
    const standing = await engine.service.shares.authenticate(id, secret);
    if (standing === undefined) {
      await guesses.wrong(address, secret);
      throw noVisitor();
    }
    guesses.right(address, secret);
    if (standing.kind === 'ended') throw ended(standing.why);
    const taken = await rate.take(id);
    if (!isOpening) checkSameOrigin(c, settings);
    c.set('share', standing.share);
    await next();
    if (isOpening && c.res.ok) giveCookie(c, deps, secret);
    rate.tell(c, taken);
  };
}

function shownSecret(c: AppContext): string | undefined {
  return /^Bearer\s+(shr_\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

function giveCookie(c: AppContext, { settings, now }: ServerDeps, secret: string): void {
  const { id, expiresAt } = c.var.share;
  const seconds = expiresAt === undefined ? Infinity : Math.ceil((expiresAt - now()) / 1000);
  setCookie(c, SHARE_COOKIE, secret, {
    ...cookieAttributes(settings, `/v1/shared/${id}`),
    maxAge: Math.max(0, Math.min(LONGEST_COOKIE_SECONDS, seconds)),
  });
}

function noVisitor(): ProblemError {
  return new ProblemError(
    'unauthenticated',
    'This takes the link that you were sent, whole: it may have been cut off.',
  );
}

function ended(why: 'revoked' | 'expired'): ProblemError {
  return new ProblemError(
    'gone',
    why === 'revoked'
      ? 'This page is not shared any more.'
      : 'The time for which this page was shared is over.',
  );
}
