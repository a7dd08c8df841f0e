/** The processes on the store. */
import { workersJson } from '../../api/json/worker-json.ts';
import { listWorkersRoute } from '../../api/routes/workers.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';

export function workerRoutes(app: App, { engine }: ServerDeps): void {
  const { workers } = engine.service;

  handleRoute(app, listWorkersRoute, async (c) =>
    c.json(
      workersJson(await workers.list(), await workers.figures(), await workers.untaken()),
      200,
    ),
  );
}
