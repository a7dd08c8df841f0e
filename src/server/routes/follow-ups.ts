/** Runs from some items of another one. */
import { apiPlanJson, apiRunJson } from '../../api/json/api-run-json.ts';
import { amountJson } from '../../api/json/run-json.ts';
import { createFollowUpRoute, planFollowUpRoute } from '../../api/routes/follow-ups.ts';
import { type FollowUpBody, MOST_FOLLOWED_WITH_IMAGES } from '../../api/schemas/follow-ups.ts';
import type { Amount } from '../../engine/core/plan.ts';
import type { PlanReport, StoredRun } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { checkChoice, followUpOrder } from '../orders/follow-up-order.ts';
import { makeOrderedPlan, makeOrderedRun } from '../orders/make-run.ts';
import { ownRun } from '../orders/own-run.ts';

/** Images of a run that are all planned, to tell what choosing has saved. */
const MOST_COMPARED = 50_000;

export function followUpRoutes(app: App, deps: ServerDeps): void {
  const { engine, settings } = deps;

  handleRoute(app, planFollowUpRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const body = c.req.valid('json');
    await checkChoice(deps, run, body);
    const report = await makeOrderedPlan(c, deps, (folder) =>
      followUpOrder(deps, folder, { run, body }),
    );
    const all = body.kind === 'finals' ? await planOfAll(c, deps, run, body) : undefined;
    return c.json({ plan: apiPlanJson(report), saving: all ? saving(report, all) : null }, 200);
  });

  handleRoute(app, createFollowUpRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const { plan_hash: planHash, ...body } = c.req.valid('json');
    await checkChoice(deps, run, body);
    const id = await makeOrderedRun(
      c,
      deps,
      (folder) =>
        followUpOrder(deps, folder, { run, body, ...(planHash !== undefined && { planHash }) }),
      { run: run.id, kind: body.kind },
    );
    return c.json(apiRunJson(await engine.report(id), settings.publicUrl), 201, {
      location: `${settings.publicUrl}/v1/runs/${id}`,
    });
  });
}

/** The same order for all delivered images; `undefined`: there are too many. */
async function planOfAll(
  c: AppContext,
  deps: ServerDeps,
  run: StoredRun,
  body: FollowUpBody,
): Promise<PlanReport | undefined> {
  const most = body.with_image ? MOST_FOLLOWED_WITH_IMAGES : MOST_COMPARED;
  const delivered = await deps.engine.service.followUps.count(run.id, 'delivered');
  if (delivered === 0 || delivered > most) return undefined;
  return makeOrderedPlan(
    c,
    deps,
    (folder) => followUpOrder(deps, folder, { run, body, choice: 'delivered', most }),
    '-all',
  );
}

function saving({ plan: chosen }: PlanReport, { plan: all }: PlanReport) {
  return {
    chosen: { items: chosen.items, expected: amountJson(chosen.expected) },
    all: { items: all.items, expected: amountJson(all.expected) },
    saved: amountJson(difference(all.expected, chosen.expected)),
  };
}

/** Chosen items that failed are none of all that is delivered: then it may be nothing. */
function difference(all: Amount, chosen: Amount): Amount {
  const isKnown = all.usdMicros !== undefined && chosen.usdMicros !== undefined;
  return {
    creditMicros: Math.max(0, all.creditMicros - chosen.creditMicros),
    usdMicros: isKnown ? Math.max(0, all.usdMicros - chosen.usdMicros) : undefined,
  };
}
