/** Finds out who calls: from the key that they show, or from the session of their browser. */
import type { MiddlewareHandler } from 'hono';
import type { AppContext, AppEnv, Caller, ServerDeps } from '../app-env.ts';
import { type AddressOf, addressOf } from './client-address.ts';
import { Guesses } from './guesses.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { SHARE_SECRET } from './share-visitor.ts';
import { RequestRate } from './request-rate.ts';
import { checkSameOrigin, sessionToken, takeSessionCookie } from './session-cookie.ts';

interface Shown {
  readonly by: Caller['by'];
  readonly secret: string;
}

interface Parts extends ServerDeps {
  readonly guesses: Guesses;
  readonly clientAddress: AddressOf;
}

export function authenticate(deps: ServerDeps): MiddlewareHandler<AppEnv> {
  const { settings } = deps;
  const rate = new RequestRate(settings.requestsPerMinute);
  const parts = {
    ...deps,
    guesses: new Guesses(settings.guessesPerMinute),
    clientAddress: addressOf(settings.trustedProxies),
  };
  return async (c, next) => {
    const shown = shownSecret(c);
    const caller = shown && (await callerOf(c, shown, parts));
    if (shown === undefined || caller === undefined) return next();
    c.set('caller', caller);
    c.set('isStillGood', async () => (await standingOf(shown, deps)) !== undefined);
    const taken = await rate.take(caller.key.id);
    if (caller.by === 'session') checkSameOrigin(c, settings);
    await next();
    rate.tell(c, taken);
  };
}

/** A key goes before a cookie, which browsers send without being asked. */
function shownSecret(c: AppContext): Shown | undefined {
  const secret = /^Bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1];
  // What opens a shared page opens nothing else: its routes look for it themselves.
  if (secret?.startsWith(SHARE_SECRET) === true) return undefined;
  if (secret !== undefined) return { by: 'key', secret };
  const token = sessionToken(c);
  return token === undefined ? undefined : { by: 'session', secret: token };
}

/** Throws a problem for a key that is none; a session that has ended is nobody, and its cookie goes. */
async function callerOf(
  c: AppContext,
  { by, secret }: Shown,
  { engine, settings, guesses, clientAddress }: Parts,
): Promise<Caller | undefined> {
  const address = clientAddress(c);
  await guesses.check(address, secret);
  const standing = await standingOf({ by, secret }, { engine });
  if (standing !== undefined) {
    guesses.right(address, secret);
    const { key, workspaceState, until } = standing;
    const isSuspended = workspaceState === 'suspended';
    return { key, workspace: key.workspace, by, isSuspended, ...(until && { until }) };
  }
  await guesses.wrong(address, secret);
  if (by === 'key') throw noSuchKey();
  takeSessionCookie(c, settings);
  return undefined;
}

function standingOf({ by, secret }: Shown, { engine }: Pick<ServerDeps, 'engine'>) {
  const { keys, sessions } = engine.service;
  return (by === 'key' ? keys : sessions).authenticate(secret);
}

function noSuchKey(): ProblemError {
  return new ProblemError(
    'unauthenticated',
    'This key is none, or it was revoked or has expired.',
    { headers: { 'www-authenticate': 'Bearer realm="imagemill", error="invalid_token"' } },
  );
}
