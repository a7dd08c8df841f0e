/** Batches: made by one call, and looked at. A batch is a run of one batch. */
import { batchJson } from '../../api/json/batch-json.ts';
import { createBatchRoute, getBatchRoute } from '../../api/routes/batches.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { makeBatch } from '../orders/make-batch.ts';
import { ownRun } from '../orders/own-run.ts';
import { notFound } from '../problems/problem-error.ts';

export function batchRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  const shown = async (runId: string, doneAt?: number) =>
    batchJson(await engine.report(runId), await Array.fromAsync(engine.items(runId)), doneAt);

  handleRoute(app, createBatchRoute, async (c) => {
    const { runId, doneAt } = await makeBatch(c, deps, c.req.valid('json'));
    return c.json(await shown(runId, doneAt), 201);
  });

  handleRoute(app, getBatchRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').batch);
    if (run.origin !== 'batch') throw notFound('such batch');
    return c.json(await shown(run.id), 200);
  });
}
