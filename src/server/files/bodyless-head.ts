/** Ends what a HEAD request has begun: its answer has no body, and nobody would ever read it to its end. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../app-env.ts';

/** Files that were opened to be sent are closed, and event streams give their place back. */
export function bodylessHead(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (c.req.method === 'HEAD') await c.res.body?.cancel().catch(() => undefined);
  };
}
