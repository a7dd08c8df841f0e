/** Limits of the caller's workspace. */
import { limitJson } from '../../api/json/limit-json.ts';
import { listLimitsRoute } from '../../api/routes/limits.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { namedModel } from './models.ts';

export function limitRoutes(app: App, { engine, now }: ServerDeps): void {
  handleRoute(app, listLimitsRoute, async (c) => {
    const { limit, after, model } = c.req.valid('query');
    const only = model === undefined ? undefined : namedModel(engine, model).id;
    const all = await engine.service.limits.standings(c.var.caller.workspace, only);
    // The board is short, and has an order of its own: a place in it is all that a cursor has to be.
    const from = Number.parseInt(after ?? '0', 10) || 0;
    const data = all.slice(from, from + limit).map((entry) => limitJson(entry, now()));
    const next = from + limit < all.length ? String(from + limit) : null;
    return c.json({ data, next }, 200);
  });
}
