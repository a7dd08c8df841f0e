/** While the server stops it answers questions, and takes nothing new: who comes again finds the next one. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnv, ServerDeps } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];
/** A restart takes a few seconds when nothing is in flight. */
const COME_AGAIN_SECONDS = '5';

export function refuseWhileStopping({ operations }: ServerDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (operations?.stopping.aborted !== true) return next();
    // The next request of this client opens a connection of its own, to whoever listens then.
    c.header('connection', 'close');
    if (CHANGES_NOTHING.includes(c.req.method)) return next();
    throw new ProblemError(
      'unavailable',
      'The server is being stopped, and takes nothing new. Send it again in a few seconds.',
      { headers: { 'retry-after': COME_AGAIN_SECONDS } },
    );
  };
}
