/** Works on a run (or watches who does) until it ends, showing it, and tells the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Forecast, RunReport } from '../engine/engine-types.ts';
import { EXIT_CODES } from '../engine/exit-code.ts';
import { catchInterrupts } from './interrupts.ts';
import { runJson } from './json.ts';
import { ProgressMeter } from './progress-meter.ts';
import { reportView } from './report-view.ts';
import type { Session } from './session.ts';

const LOOK_EVERY_MS = 1_000;

/** Drives the run from where it stands. Answers the exit code. */
export async function goOn(session: Session, runId: string, forecast?: Forecast): Promise<number> {
  const before = await session.engine.report(runId);
  if (before.run.state === 'awaiting_approval') {
    return tellReport(session, before);
  }
  const startedAt = Date.now();
  const report = await driveShown(session, before, forecast);
  return tellReport(session, report, Date.now() - startedAt);
}

/** Prints the summary and the JSON. Answers the exit code of the run. */
export function tellReport(session: Session, report: RunReport, elapsedMs?: number): number {
  const { screen } = session;
  const { colours, width } = screen;
  const view = { colours, width, now: Date.now(), ...(elapsedMs !== undefined && { elapsedMs }) };
  screen.say();
  for (const line of reportView(report, view)) screen.say(line);
  screen.result(runJson(report));
  return report.exitCode;
}

async function driveShown(
  session: Session,
  before: RunReport,
  forecast: Forecast | undefined,
): Promise<RunReport> {
  const { engine, screen } = session;
  const runId = before.run.id;
  let inFlight = 0;
  using meter = await ProgressMeter.on(screen, forecast);
  using interrupts = catchInterrupts(() => {
    const words = `finishing ${inFlight} in flight; press again to stop at once; go on with: imagemill resume ${runId}`;
    meter.hint(words);
    if (!screen.isLive) screen.warn(words);
  });
  for (;;) {
    const result = await engine.drive(runId, {
      drain: interrupts.drain,
      onProgress: (progress) => {
        inFlight = progress.inFlight;
        meter.update(progress);
      },
      onNotice: (text) => meter.note(screen.colours.yellow(text)),
    });
    if (result.kind === 'ended') return result.report;
    const { pid, host } = result.owner;
    meter.note(`Process ${pid} on ${host} works on this run already; watching it.`);
    meter.hint('Ctrl-C stops watching; the run goes on');
    const watched = await watch(session, runId, meter, interrupts.drain);
    if (watched !== undefined) return watched;
  }
}

/** Shows a run that another process works on. `undefined`: that process has died, take over. */
async function watch(
  { engine }: Session,
  runId: string,
  meter: ProgressMeter,
  drain: AbortSignal,
): Promise<RunReport | undefined> {
  for (;;) {
    const report = await engine.report(runId);
    const { run, items, waits } = report;
    const { postedCreditMicros, heldCreditMicros } = run;
    meter.update({ items, waits, postedCreditMicros, heldCreditMicros, now: Date.now() });
    if (drain.aborted) {
      return { ...report, exitCode: EXIT_CODES.interrupted };
    }
    if (run.state !== 'running' && report.owner === undefined) return report;
    if (report.owner?.alive !== true) return undefined;
    await sleep(LOOK_EVERY_MS, undefined, { signal: drain }).catch(() => undefined);
  }
}
