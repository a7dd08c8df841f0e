/** Finds out who calls, from the key that they show. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnv, ServerDeps } from './app-env.ts';
import { ProblemError } from './problem-error.ts';

export function authenticate({ engine }: ServerDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const secret = shownKey(c.req.header('authorization'));
    if (secret === undefined) return next();
    const standing = await engine.service.keys.authenticate(secret);
    if (standing === undefined) {
      throw new ProblemError(
        'unauthenticated',
        'This key is none, or it was revoked or has expired.',
        {
          headers: { 'www-authenticate': 'Bearer realm="imagemill", error="invalid_token"' },
        },
      );
    }
    const { key } = standing;
    c.set('caller', { key, workspace: key.workspace, by: 'key' });
    return next();
  };
}

function shownKey(header: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(header ?? '')?.[1];
}
