/** `imagemill retry RUN --failed|--refused|--unknown`: makes what ended badly again, and goes on. */
import { UsageError } from '../../engine/core/errors.ts';
import type { StoredRun } from '../../engine/index.ts';
import type { RetryOrder, RetryPlan } from '../../engine/engine-types.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { amountText, plural } from '../amount-text.ts';
import { ask, canAsk } from '../ask.ts';
import { goOn, tellReport } from '../go-on.ts';
import { runJson } from '../../api/json/run-json.ts';
import { type RawValues, readChanges } from '../options.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { checkPriceKnown, costsNothing, spendingQuestion } from '../spending.ts';

const KINDS = ['failed', 'refused', 'unknown'] as const;

export async function retry(id: string, options: CommonOptions & RawValues): Promise<number> {
  const order = readOrder(id, options);
  const changes = readChanges(options, process.cwd());
  await using session = await openSession(options);
  const { engine } = session;
  const run = await engine.findRun(id);
  const plan = await engine.planRetry(run.id, order);
  tellPlan(session, order, plan);
  if (plan.images === 0) return tellReport(session, await engine.report(run.id));
  const settings = { ...run.settings, ...changes, spendingAllowed: options['yes'] === true };
  checkPriceKnown(plan.expected, settings);
  if (!(await isAgreed(session, { settings }, plan))) return await tellUndecided(session, run.id);
  if (Object.keys(changes).length > 0) await engine.changeSettings(run.id, changes);
  await engine.retry(run.id, order);
  await engine.allowSpending(run.id);
  return await goOn(session, run.id);
}

function readOrder(id: string, options: RawValues): RetryOrder {
  const states = KINDS.filter((kind) => options[kind] === true);
  if (states.length === 0) {
    throw new UsageError(
      `Say what to make again: imagemill retry ${id} --failed, --refused or --unknown.`,
    );
  }
  const { rewrite, model } = options;
  if (states.includes('unknown') && (rewrite !== undefined || model !== undefined)) {
    throw new UsageError(
      'What is unknown may have been made as it was asked for: --rewrite and --model go with --refused or --failed only. Decide about the unknown ones first.',
    );
  }
  return {
    states,
    ...(typeof rewrite === 'string' && { rewrite }),
    ...(typeof model === 'string' && { model }),
  };
}

function tellPlan({ screen }: Session, { states, model }: RetryOrder, plan: RetryPlan): void {
  if (plan.images === 0) return screen.say(`Nothing is ${states.join(' or ')}.`);
  const { images, rows, expected, worst, examples } = plan;
  const what = `${plural(images, `${states.join(' or ')} image`)} of ${plural(rows, 'row')}`;
  screen.say(`${what} will be made again${model === undefined ? '' : ` with ${model}`}.`);
  screen.say(`Expected ${amountText(expected)}, at most ${amountText(worst)}`);
  for (const { row, prompt } of examples) screen.say(`  row ${row}: ${prompt}`);
  if (rows > examples.length && examples.length > 0) {
    screen.say(`  and ${plural(rows - examples.length, 'row')} more`);
  }
}

/** The run as it stands, and that it waits for a word. */
async function tellUndecided({ engine, screen }: Session, runId: string): Promise<number> {
  const exitCode = EXIT_CODES.approval;
  screen.result(runJson({ ...(await engine.report(runId)), exitCode }));
  return exitCode;
}

/** Nothing is changed before somebody agreed to what it costs. */
async function isAgreed(
  { screen }: Session,
  { settings }: Pick<StoredRun, 'settings'>,
  { expected, worst }: RetryPlan,
): Promise<boolean> {
  if (settings.spendingAllowed || costsNothing(expected)) return true;
  if (!canAsk()) {
    screen.warn('Nobody can be asked here: nothing was changed. Agree to the price with --yes.');
    return false;
  }
  return ask(spendingQuestion(worst, settings));
}
