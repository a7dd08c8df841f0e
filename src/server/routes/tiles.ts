/** A run's items as a contact sheet needs them. */
import { tileJson } from '../../api/json/tile-json.ts';
import { listTilesRoute } from '../../api/routes/tiles.ts';
import { MOST_TILE_ROWS } from '../../api/schemas/tiles.ts';
import { ITEM_STATES } from '../../engine/core/outcome.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ownRun } from '../orders/own-run.ts';
import { readChoices } from '../orders/read-list.ts';

export function tileRoutes(app: App, deps: ServerDeps): void {
  const { tiles } = deps.engine.service;

  handleRoute(app, listTilesRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const query = c.req.valid('query');
    const { offset, by, model, flag, refusal_category: category, search, review } = query;
    const states = readChoices('state', query.state, ITEM_STATES);
    const page = await tiles.page(run, {
      offset,
      limit: by === 'row' ? Math.min(query.limit, MOST_TILE_ROWS) : query.limit,
      by,
      prompts: query.prompts === 'true',
      filter: {
        ...(states && { states }),
        ...(model !== undefined && { model }),
        ...(flag && { flag }),
        ...(category && { category }),
        ...(search !== undefined && { search }),
        ...(review && { review }),
      },
    });
    const { total, models } = page;
    return c.json({ total, offset, models: [...models], data: page.tiles.map(tileJson) }, 200);
  });
}
