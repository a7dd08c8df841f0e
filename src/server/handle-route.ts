/** Binds a route of the contract to what answers it, behind the check of who may call. */
import type { RouteHandler } from '@hono/zod-openapi';
import type { Access, ApiRoute } from '../api/define-route.ts';
import type { App, AppContext, AppEnv } from './app-env.ts';
import { ProblemError } from './problem-error.ts';

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
        await next();
      },
    } as Route,
    handler as never,
  );
}

/** Throws `ProblemError` when the caller may not. */
export function checkAccess(c: AppContext, access: Access): void {
  if (access === 'public') return;
  const { caller } = c.var;
  if (caller === undefined) {
    throw new ProblemError('unauthenticated', 'Send `Authorization: Bearer im_…`.', {
      headers: { 'www-authenticate': 'Bearer realm="imagemill"' },
    });
  }
  if (access === 'any-key' || caller.key.scopes.includes(access)) return;
  throw new ProblemError(
    'forbidden',
    `This takes a key that may ${access}; "${caller.key.name}" may not.`,
  );
}
