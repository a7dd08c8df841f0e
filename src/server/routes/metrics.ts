/** Figures for Prometheus, for operators' keys. */
import { metricsRoute } from '../../api/routes/metrics.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ProblemError } from '../problems/problem-error.ts';

export function metricsRoutes(app: App, { operations }: ServerDeps): void {
  handleRoute(app, metricsRoute, async (c) => {
    if (operations === undefined) throw new ProblemError('unavailable', 'Nothing is counted here.');
    return c.text(await operations.metrics.text(), 200, {
      'content-type': operations.metrics.contentType,
    });
  });
}
