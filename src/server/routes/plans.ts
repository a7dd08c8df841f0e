import { apiPlanJson } from '../../api/json/api-run-json.ts';
import { createPlanRoute } from '../../api/routes/plan.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { makePlan } from '../orders/make-run.ts';

export function planRoutes(app: App, deps: ServerDeps): void {
  handleRoute(app, createPlanRoute, async (c) => {
    const report = await makePlan(c, deps, c.req.valid('json' as never));
    return c.json(apiPlanJson(report), 200);
  });
}
