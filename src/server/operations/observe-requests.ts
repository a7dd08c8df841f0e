/** Watches every request from outside: a line of the log, figures for Prometheus, a span of a trace. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppContext, AppEnv, ServerDeps } from '../app-env.ts';
import type { RequestSpan } from './tracing.ts';

/** What asks every few seconds whether the server lives is not worth a line. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);
/** Requests to nothing share one name, or anybody could make up as many as he likes. */
const NO_ROUTE = 'none';

export interface AnsweredRequest {
  readonly method: string;
  /** The pattern: ids and queries are not in it. */
  readonly route: string;
  readonly status: number;
  /** Until the answer began; a stream goes on after it. */
  readonly ms: number;
}

export function observeRequests({ log, operations }: ServerDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    const span = operations?.tracer?.begin(c.req.method, c.req.header());
    c.set('log', log.child({ request: c.var.requestId, ...(span && { trace: span.traceId }) }));
    operations?.metrics.began();
    try {
      await next();
    } finally {
      const answered = {
        method: c.req.method,
        route: routeOf(c),
        status: c.res.status,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
      };
      operations?.metrics.answered(answered);
      tell(c, answered);
      endSpan(c, span, answered);
    }
  };
}

function routeOf(c: AppContext): string {
  const path = routePath(c, -1);
  return path === '' || path.endsWith('*') ? NO_ROUTE : path;
}

function tell(c: AppContext, answered: AnsweredRequest): void {
  const { caller, log } = c.var;
  const line = {
    ...answered,
    ...(caller && { key: caller.key.id, workspace: caller.workspace }),
  };
  if (answered.status >= 500) log.warn(line, 'request');
  else if (QUIET.has(answered.route)) log.debug(line, 'request');
  else log.info(line, 'request');
}

function endSpan(c: AppContext, span: RequestSpan | undefined, answered: AnsweredRequest): void {
  const { caller, requestId } = c.var;
  span?.end(answered, { requestId, ...(caller && { workspace: caller.workspace }) });
}
