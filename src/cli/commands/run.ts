/** `imagemill run SHEET`: plan, ask, make, deliver. */
import { InputError } from '../../engine/core/errors.ts';
import { recipeOf } from '../../engine/core/finishing.ts';
import type { PlanReport, PreparedRun } from '../../engine/engine-types.ts';
import { ask, canAsk } from '../ask.ts';
import { plural } from '../amount-text.ts';
import { goOn } from '../go-on.ts';
import type { RawValues } from '../options.ts';
import { planView } from '../plan-view.ts';
import { type Order, readOrder } from '../run-order.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { checkPriceKnown, costsNothing, spendingQuestion } from '../spending.ts';

export async function run(sheet: string, options: CommonOptions & RawValues): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const order = readOrder(session, sheet, options);
  const plan = await engine.plan(order);
  showPlan(session, plan);
  const problems = await engine.checkStorage(order.out, plan.plan.items, recipeOf(order.settings));
  if (problems.length > 0) throw new InputError(problems);
  checkPriceKnown(plan.plan.expected, order.settings);
  const prepared = await engine.prepare({
    ...order,
    fresh: order.fresh === true,
    planned: plan,
  });
  screen.say(startText(prepared));
  await settleSpending(session, order, prepared);
  return await goOn(session, prepared.runId, plan.forecast);
}

function showPlan({ screen }: Session, report: PlanReport): void {
  const { colours, width } = screen;
  for (const line of planView(report, { colours, width, now: Date.now() })) screen.say(line);
  screen.say();
}

function startText({ runId, continued, newItems, keptItems, droppedItems }: PreparedRun): string {
  if (!continued) return `Run ${runId}`;
  const parts = [
    newItems === 0 ? 'nothing new to make' : `${plural(newItems, 'new image')}`,
    `${plural(keptItems, 'image')} kept`,
    ...(droppedItems > 0 ? [`${plural(droppedItems, 'image')} no longer wanted`] : []),
  ];
  return `Run ${runId} goes on: ${parts.join(', ')}`;
}

/** Asks before the first dollar; without a person to ask, the run waits for `approve`. */
async function settleSpending(
  session: Session,
  order: Order,
  prepared: PreparedRun,
): Promise<void> {
  const { engine } = session;
  const { runId, continued, report, toPay } = prepared;
  if (order.settings.spendingAllowed) return;
  const atMost = continued ? toPay : report.plan.worst;
  const { run } = await engine.report(runId);
  const asksNothing = costsNothing(report.plan.expected) || costsNothing(toPay);
  // What was agreed to for other rows does not hold for new ones that cost money.
  const agreed = run.settings.spendingAllowed && prepared.newItems === 0;
  if (asksNothing || agreed) return engine.allowSpending(runId);
  const yes = canAsk() && (await ask(spendingQuestion(atMost, order.settings)));
  await (yes
    ? engine.allowSpending(runId)
    : engine.changeSettings(runId, { spendingAllowed: false }));
}
