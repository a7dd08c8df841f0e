/** Runs: made, looked at. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runJson } from '../../api/json/run-json.ts';
import { createRunRoute, getRunRoute } from '../../api/routes/runs.ts';
import { DEFAULT_SETTINGS } from '../../engine/core/settings.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { madeBefore, runIdOf } from '../made-before.ts';
import { ownRun } from '../own-run.ts';

export function runRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  handleRoute(app, createRunRoute, async (c) => {
    const { rows, title, settings, approve } = c.req.valid('json');
    const { workspace, key } = c.var.caller;
    const id = runIdOf(c);
    const folder = join(engine.home, 'runs', id);
    const made = await madeBefore(c, deps, folder);
    if (made !== undefined) return c.json(runJson(await engine.report(id)), 201);
    await mkdir(join(folder, 'sheet'), { recursive: true });
    const sheet = join(folder, 'sheet', 'rows.json');
    await writeFile(sheet, JSON.stringify(rows));
    await engine.inWorkspace(workspace).prepare({
      id,
      sheet,
      title: title ?? 'rows',
      out: join(folder, 'out'),
      fresh: !c.var.isRepeat,
      within: join(folder, 'sheet'),
      settings: {
        ...DEFAULT_SETTINGS,
        ...(settings.models && { models: settings.models }),
        spendingAllowed: approve,
      },
      keyId: key.id,
      origin: 'api',
    });
    engine.keeper.wake(id);
    return c.json(runJson(await engine.report(id)), 201);
  });

  handleRoute(app, getRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    return c.json(runJson(await engine.report(run.id)), 200);
  });
}
