/** The dashboard of the caller's workspace. */
import { dashboardJson, detailJson } from '../../api/json/dashboard-json.ts';
import { getDashboardRoute, getDetailRoute } from '../../api/routes/dashboard.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';

export function dashboardRoutes(app: App, { engine, settings, now }: ServerDeps): void {
  const { credits, dashboard, detail, workers } = engine.service;

  handleRoute(app, getDashboardRoute, async (c) => {
    const { key, workspace } = c.var.caller;
    const { days, time_zone: timeZone } = c.req.valid('query');
    const report = await dashboard.report({ workspace, days, timeZone });
    const standing = key.scopes.includes('credits:read')
      ? await credits.standing(workspace)
      : undefined;
    const { taking } = await workers.figures();
    const { kinds: missing } = await workers.untaken(workspace);
    const base = settings.publicUrl;
    const frame = { days, timeZone, base, now: now(), standing, taking, missing };
    return c.json(dashboardJson(report, frame), 200);
  });

  handleRoute(app, getDetailRoute, async (c) =>
    c.json(detailJson(await detail.report(c.var.caller.workspace)), 200),
  );
}
