/** `imagemill plan SHEET`: what a run would do and cost. Spends nothing, keeps nothing. */
import { planJson } from '../../api/json/run-json.ts';
import type { RawValues } from '../options.ts';
import { planView } from '../plan-view.ts';
import { runCommand } from '../run-command.ts';
import { readOrder } from '../run-order.ts';
import { type CommonOptions, openSession } from '../session.ts';

export async function plan(sheet: string, options: CommonOptions & RawValues): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const report = await engine.plan(readOrder(session, sheet, options));
  const { colours, width } = screen;
  for (const line of planView(report, { colours, width, now: Date.now() })) screen.say(line);
  screen.say();
  screen.say(`Nothing was spent. Make it: ${runCommand(sheet, options)}`);
  screen.result(planJson(report));
  return 0;
}
