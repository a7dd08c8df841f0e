/** Runs: made, listed, looked at, changed. */
import { apiRunJson, runSummaryJson } from '../../api/json/api-run-json.ts';
import { readRunChange } from '../../api/json/run-settings-json.ts';
import {
  changeRunRoute,
  createRunRoute,
  getRunRoute,
  listRunsRoute,
} from '../../api/routes/runs.ts';
import { LISTED_ORIGINS } from '../../api/schemas/runs.ts';
import { RUN_STATES } from '../../engine/core/run.ts';
import type { RunPlace, StoredRun } from '../../engine/engine-types.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { makeRun } from '../orders/make-run.ts';
import { ownRun } from '../orders/own-run.ts';
import { readChoices, readCursor, writeCursor } from '../orders/read-list.ts';

export function runRoutes(app: App, deps: ServerDeps): void {
  const { engine, settings } = deps;
  const { runs } = engine.service;
  const tell = async (runId: string) => apiRunJson(await engine.report(runId), settings.publicUrl);

  handleRoute(app, createRunRoute, async (c) => {
    const id = await makeRun(c, deps, c.req.valid('json' as never));
    return c.json(await tell(id), 201, { location: `${settings.publicUrl}/v1/runs/${id}` });
  });

  handleRoute(app, listRunsRoute, async (c) => {
    const { limit, after, state, origin, search, since } = c.req.valid('query');
    const states = readChoices('state', state, RUN_STATES);
    const origins = readChoices('origin', origin, LISTED_ORIGINS);
    const place = placeOf(after);
    const found = await runs.list({
      workspace: c.var.caller.workspace,
      limit: limit + 1,
      ...(states && { states }),
      ...(origins && { origins }),
      ...(search !== undefined && { search }),
      ...(since !== undefined && { since: Date.parse(since) }),
      ...(place && { after: place }),
    });
    const page = found.slice(0, limit);
    const data = [];
    for (const run of page) {
      data.push(runSummaryJson(run, await runs.counts(run), settings.publicUrl));
    }
    return c.json({ data, next: found.length > limit ? cursorOf(page.at(-1)) : null }, 200);
  });

  handleRoute(app, getRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    return c.json(await tell(run.id), 200);
  });

  handleRoute(app, changeRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const change = c.req.valid('json');
    const changed = readRunChange(change);
    if (change.title !== undefined) await runs.rename(run.id, change.title);
    if (Object.keys(changed).length > 0) {
      await engine.changeSettings(run.id, changed);
      engine.keeper.wake(run.id);
    }
    return c.json(await tell(run.id), 200);
  });
}

function placeOf(after: string | undefined): RunPlace | undefined {
  const cursor = readCursor(after, 1);
  return cursor && { createdAt: cursor.numbers[0]!, id: cursor.id };
}

function cursorOf(run: StoredRun | undefined): string | null {
  return run === undefined ? null : writeCursor([run.createdAt], run.id);
}
