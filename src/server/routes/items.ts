/** Items of a run, and its journal. */
import { apiItemJson, itemDetailJson } from '../../api/json/api-item-json.ts';
import { journalJson } from '../../api/json/journal-json.ts';
import { getItemRoute, journalRoute, listItemsRoute } from '../../api/routes/items.ts';
import { ITEM_STATES } from '../../engine/core/outcome.ts';
import type { ItemCursor } from '../../engine/engine-types.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ownItem, ownRun } from '../orders/own-run.ts';
import { readChoices, readCursor, writeCursor } from '../orders/read-list.ts';

export function itemRoutes(app: App, deps: ServerDeps): void {
  const { engine, settings } = deps;
  const { runs } = engine.service;

  handleRoute(app, listItemsRoute, async (c) => {
    const { id } = await ownRun(c, deps, c.req.valid('param').run);
    const { limit, after, state, model, row, flag, refusal_category, review, search } =
      c.req.valid('query');
    const states = readChoices('state', state, ITEM_STATES);
    const place = placeOf(after);
    const { items, next } = await runs.items(id, {
      limit,
      ...(states && { states }),
      ...(model !== undefined && { model }),
      ...(row !== undefined && { row }),
      ...(flag && { flag }),
      ...(refusal_category && { category: refusal_category }),
      ...(review && { review }),
      ...(search !== undefined && { search }),
      ...(place && { after: place }),
    });
    const data = items.map((item) => apiItemJson(item, id, settings.publicUrl));
    return c.json({ data, next: next === undefined ? null : cursorOf(next) }, 200);
  });

  handleRoute(app, getItemRoute, async (c) => {
    const { run, item } = await ownItem(c, deps, c.req.valid('param'));
    const attempts = await runs.attempts(run.id, item.itemId);
    return c.json(itemDetailJson(item, attempts, run.id, settings.publicUrl), 200);
  });

  handleRoute(app, journalRoute, async (c) => {
    const { id } = await ownRun(c, deps, c.req.valid('param').run);
    const { limit, after } = c.req.valid('query');
    const last = readCursor(after === undefined ? undefined : `${after}.`, 1)?.numbers[0] ?? 0;
    const data = [];
    for await (const entry of engine.journal(id, last)) {
      if (data.length === limit) return c.json({ data, next: String(data.at(-1)!.sequence) }, 200);
      data.push(journalJson(entry));
    }
    return c.json({ data, next: null }, 200);
  });
}

function placeOf(after: string | undefined): ItemCursor | undefined {
  const cursor = readCursor(after, 2);
  return cursor && { number: cursor.numbers[0]!, index: cursor.numbers[1]!, id: cursor.id };
}

function cursorOf({ number, index, id }: ItemCursor): string {
  return writeCursor([number, index], id);
}
