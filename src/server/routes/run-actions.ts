/** What may be done with a run: approve, pause, resume, cancel, make again. */
import { actionsOf, apiRunJson, retryPlanJson } from '../../api/json/api-run-json.ts';
import {
  approveRunRoute,
  cancelRunRoute,
  pauseRunRoute,
  resumeRunRoute,
  retryRunRoute,
} from '../../api/routes/runs.ts';
import { type RunAction, runCan } from '../../engine/core/run.ts';
import type { RetryOrder, StoredRun } from '../../engine/engine-types.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { awaitRun } from '../orders/await-run.ts';
import { cancelRun } from '../orders/cancel-run.ts';
import { explainInput } from '../problems/explain-input.ts';
import { handleRoute } from '../handle-route.ts';
import { ownRun } from '../orders/own-run.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { runFolder } from '../orders/run-folder.ts';

export function runActionRoutes(app: App, deps: ServerDeps): void {
  const { engine, settings } = deps;
  const { runs } = engine.service;
  const tell = async (runId: string) => apiRunJson(await engine.report(runId), settings.publicUrl);

  handleRoute(app, approveRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    // The same call again, under the same Idempotency-Key: it has been approved already.
    if (c.var.isRepeat && run.state !== 'awaiting_approval') return c.json(await tell(run.id), 200);
    requireAction('approve', run);
    await engine.approve(run.id);
    engine.keeper.wake(run.id);
    return c.json(await tell(run.id), 200);
  });

  handleRoute(app, pauseRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    if (run.state !== 'paused') {
      requireAction('pause', run);
      await engine.pause(run.id);
      await awaitRun(deps, run.id, ({ state }) => !runCan('pause', state));
    }
    return c.json(await tell(run.id), 202);
  });

  handleRoute(app, resumeRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    requireAction('resume', run);
    await runs.resume(run);
    engine.keeper.wake(run.id);
    return c.json(await tell(run.id), 200);
  });

  handleRoute(app, cancelRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    if (run.state !== 'cancelled') {
      requireAction('cancel', run);
      await cancelRun(deps, run.id, c.var.log);
    }
    return c.json(await tell(run.id), 202);
  });

  handleRoute(app, retryRunRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    requireAction('retry', run);
    const { states, rewrite, model, plan: isPlan } = c.req.valid('json');
    const order: RetryOrder = {
      states,
      ...(rewrite !== undefined && { rewrite }),
      ...(model !== undefined && { model }),
    };
    const plan = await planned(run, order);
    if (!isPlan && plan.images > 0) await makeAgain(run, order);
    return c.json({ plan: retryPlanJson(plan), run: await tell(run.id) }, 200);
  });

  async function planned(run: StoredRun, order: RetryOrder) {
    try {
      return await engine.planRetry(run.id, order);
    } catch (error) {
      throw explainInput(error, runFolder(engine.home, run.id));
    }
  }

  async function makeAgain(run: StoredRun, order: RetryOrder): Promise<void> {
    await engine.allowSpending(run.id);
    await engine.retry(run.id, order);
    const changed = await engine.run(run.id);
    if (changed !== undefined && runCan('resume', changed.state)) await runs.resume(changed);
    engine.keeper.wake(run.id);
  }
}

/** Throws a problem that names the state and what may be done in it. */
export function requireAction(action: RunAction, run: StoredRun): void {
  const actions = actionsOf(run);
  if (actions.includes(action)) return;
  const { id, state } = run;
  if (runCan(action, state)) {
    throw new ProblemError(
      'conflict',
      `Run ${id} was made by the command line, which goes on with it: imagemill ${action} ${id}.`,
    );
  }
  const others = actions.join(', ');
  throw new ProblemError(
    'conflict',
    `Run ${id} is ${state}: ${action} is not possible now. What is: ${others}.`,
  );
}
