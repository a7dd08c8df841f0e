/** Usage: what was made and paid, added up. */
import { usageJson } from '../../api/json/usage-json.ts';
import { getUsageRoute } from '../../api/routes/usage.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { answerCsv, type CsvCell, wantsCsv } from '../files/csv-answer.ts';
import { given } from '../orders/given.ts';
import { handleRoute } from '../handle-route.ts';
import { keptWorkspace } from './keys.ts';

export function usageRoutes(app: App, deps: ServerDeps): void {
  const { usage } = deps.engine.service;

  handleRoute(app, getUsageRoute, async (c) => {
    const { workspace: named, format, limit: most, time_zone, ...query } = c.req.valid('query');
    const workspace = await keptWorkspace(c, deps, named);
    const { by, from, to, after } = query;
    const order = { workspace, by, timeZone: time_zone, most, ...given({ from, to, after }) };
    const answer = usageJson(await usage.report(order));
    if (!wantsCsv(c, format)) return c.json(answer, 200);
    const rows = answer.data.map(({ group, name, images, credits, usd }): CsvCell[] => [
      group,
      name,
      images.delivered,
      images.refused,
      images.failed,
      credits,
      usd,
    ]);
    const headings = [by, 'name', 'delivered', 'refused', 'failed', 'credits', 'usd'];
    return answerCsv(`usage-by-${by}`, headings, rows);
  });
}
