/** Binds a route of the contract to what answers it, behind the check of who may call. */
import type { RouteHandler } from '@hono/zod-openapi';
import type { Access, ApiRoute } from '../api/define-route.ts';
import type { App, AppContext, AppEnv } from './app-env.ts';
import { checkRequest } from './problems/check-request.ts';
import { ProblemError } from './problems/problem-error.ts';

export function handleRoute<Route extends ApiRoute>(
  app: App,
  route: Route,
  handler: RouteHandler<Route, AppEnv>,
): void {
  const access = route['x-access'];
  app.openapi(
    {
      ...route,
      middleware: async (c: AppContext, next: () => Promise<void>) => {
        checkAccess(c, access);
        await checkRequest(c, route);
        await next();
      },
    } as Route,
    handler as never,
  );
}

/** What a suspended workspace may still do; operators end the suspension. */
const WHILE_SUSPENDED: readonly Access[] = ['any-key', 'runs:read', 'credits:read', 'operate'];

/** Throws `ProblemError` when the caller may not. */
export function checkAccess(c: AppContext, access: Access): void {
  if (access === 'public') return;
  const { caller } = c.var;
  if (caller === undefined) {
    throw new ProblemError('unauthenticated', 'Send `Authorization: Bearer im_…`.', {
      headers: { 'www-authenticate': 'Bearer realm="imagemill"' },
    });
  }
  if (access !== 'any-key' && !caller.key.scopes.includes(access)) {
    throw new ProblemError(
      'forbidden',
      `This takes the scope ${access}, which the key "${caller.key.name}" (${caller.key.role}) does not have.`,
    );
  }
  const isLooking = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (caller.isSuspended && !isLooking && !WHILE_SUSPENDED.includes(access)) {
    throw new ProblemError(
      'forbidden',
      `The workspace "${caller.workspace}" is suspended: it may look, and nothing else.`,
    );
  }
}
