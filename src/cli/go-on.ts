/** Works on a run (or watches who does) until it ends, showing it, and tells the end. */
import type { Forecast, RunReport } from '../engine/engine-types.ts';
import { runJson } from '../api/json/run-json.ts';
import { ProgressMeter } from './progress-meter.ts';
import { reportView } from './report-view.ts';
import type { Session } from './session.ts';
import { workOrWatch } from './work-or-watch.ts';

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
  { engine, screen }: Session,
  before: RunReport,
  forecast: Forecast | undefined,
): Promise<RunReport> {
  const runId = before.run.id;
  using meter = await ProgressMeter.on(screen, forecast);
  return await workOrWatch<RunReport>(screen, {
    name: 'this run',
    whatGoesOn: 'the run',
    howToGoOn: `: imagemill resume ${runId}`,
    meter,
    work: (drain, onInFlight) =>
      engine.drive(runId, {
        drain,
        onProgress: (progress) => {
          onInFlight(progress.inFlight);
          meter.update(progress);
        },
        onNotice: (text) => meter.note(screen.colours.yellow(text)),
      }),
    look: async () => {
      const report = await engine.report(runId);
      const { run, items, waits, owner } = report;
      const { postedCreditMicros, heldCreditMicros } = run;
      meter.update({ items, waits, postedCreditMicros, heldCreditMicros, now: Date.now() });
      const isOver = run.state !== 'running' && owner === undefined;
      return { report, isOver, isOwned: owner?.alive === true };
    },
  });
}
