/** `imagemill pause [RUN]` and `imagemill cancel [RUN]`: stop a run, wherever it is worked on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../engine/core/errors.ts';
import type { RunReport, StoredRun } from '../../engine/index.ts';
import { runCan } from '../../engine/core/run.ts';
import { plural } from '../amount-text.ts';
import { tellReport } from '../go-on.ts';
import { catchInterrupts } from '../interrupts.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';

type What = 'pause' | 'cancel';

const LOOK_EVERY_MS = 200;
/** What is in flight is finished first; after this it is left to finish by itself. */
const LONGEST_WAIT_MS = 60_000;

export function pause(id: string | undefined, options: CommonOptions): Promise<number> {
  return stop('pause', id, options);
}

export function cancel(id: string | undefined, options: CommonOptions): Promise<number> {
  return stop('cancel', id, options);
}

async function stop(what: What, id: string | undefined, options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const run = await runToStop(session, what, id);
  await (what === 'pause' ? session.engine.pause(run.id) : cancelRun(session, run.id));
  tellReport(session, await waitForOwner(session, run.id));
  return 0;
}

/** What no process works on, but a vendor still has, is ended first: that takes some minutes. */
async function cancelRun({ engine, screen }: Session, runId: string): Promise<void> {
  const { items, owner } = await engine.report(runId);
  if (items.sent > 0 && owner?.alive !== true) {
    screen.say(
      `${plural(items.sent, 'image is', 'images are')} at the vendor: stopping that, and taking what is made.`,
    );
  }
  using interrupts = catchInterrupts(() =>
    screen.say(`Left at the vendor; go on with: imagemill cancel ${runId}`),
  );
  await engine.cancel(runId, {
    drain: interrupts.drain,
    onNotice: (text) => screen.say(text),
  });
}

async function runToStop(
  { engine }: Session,
  what: What,
  id: string | undefined,
): Promise<StoredRun> {
  if (id !== undefined) return engine.findRun(id);
  const run = (await engine.listRuns()).find(({ state }) => runCan(what, state));
  if (run === undefined) throw new UsageError(`There is no run to ${what}.`);
  return run;
}

/** The owner finishes what is in flight before it lets go. */
async function waitForOwner({ engine, screen }: Session, runId: string): Promise<RunReport> {
  const until = Date.now() + LONGEST_WAIT_MS;
  for (let looks = 0; ; looks += 1) {
    const report = await engine.report(runId);
    const isOwned = report.run.state === 'running' && report.owner?.alive === true;
    if (!isOwned || Date.now() > until) return report;
    if (looks === 0) screen.say(`Process ${report.owner?.pid} finishes what is in flight first.`);
    await sleep(LOOK_EVERY_MS);
  }
}
