/** `imagemill status [RUN]`: how a run stands, what waits for what, and how full the limits are. */
import type { RunReport } from '../../engine/index.ts';
import { countText } from '../amount-text.ts';
import { runOrNewest } from '../find-run.ts';
import { GAUGE_COLUMNS, gaugeRow, gaugesOf, type ModelGauge } from '../gauges.ts';
import { runJson } from '../../api/json/run-json.ts';
import { qualityTable } from '../quality-view.ts';
import { reportView } from '../report-view.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { textTable } from '../text-table.ts';

export async function status(id: string | undefined, options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const run = await runOrNewest(engine, id);
  const report = await engine.report(run.id);
  const { colours, width } = screen;
  for (const line of reportView(report, { colours, width, now: Date.now() })) screen.say(line);
  sayModels(session, report);
  sayQuality(session, report);
  const models = [...new Set(report.byModel.map(({ model }) => model))];
  sayGauges(session, await gaugesOf(engine, models));
  screen.result(runJson(report));
  return 0;
}

function sayModels({ screen }: Session, { byModel }: RunReport): void {
  if (byModel.length === 0) return;
  const rows = byModel.map(({ model, lane, state, items }) => [
    model,
    lane,
    state,
    countText(items),
  ]);
  const columns = [
    { title: 'Model' },
    { title: 'Lane' },
    { title: 'State' },
    { title: 'Images', align: 'right' as const },
  ];
  screen.say();
  for (const line of textTable(columns, rows, screen.colours.dim)) screen.say(line);
}

function sayQuality({ screen }: Session, report: RunReport): void {
  const lines = qualityTable(report, screen.colours);
  if (lines.length > 0) screen.say();
  for (const line of lines) screen.say(line);
}

function sayGauges({ screen }: Session, gauges: readonly ModelGauge[]): void {
  if (gauges.length === 0) return;
  const now = Date.now();
  const rows = gauges.map((gauge) => gaugeRow(gauge, now));
  screen.say();
  for (const line of textTable(GAUGE_COLUMNS, rows, screen.colours.dim)) screen.say(line);
}
