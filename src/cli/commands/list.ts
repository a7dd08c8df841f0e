/** `imagemill list`: all runs of this home, the newest first. */
import { formatMicros } from '../../engine/core/credits.ts';
import { totalItems } from '../../engine/core/outcome.ts';
import { countText } from '../amount-text.ts';
import { runJson } from '../../api/json/run-json.ts';
import { endedItems } from '../progress-view.ts';
import { stateWords } from '../report-view.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { aboutText } from '../time-text.ts';

export async function list(options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const runs = await engine.listRuns();
  const reports = [];
  for (const run of runs) reports.push(await engine.report(run.id));
  const now = Date.now();
  const rows = reports.map((report) => [
    report.run.id,
    aboutText(report.run.createdAt, now),
    report.run.title,
    `${countText(endedItems(report.items))}/${countText(totalItems(report.items))}`,
    formatMicros(report.run.postedCreditMicros),
    stateWords(report),
  ]);
  const columns = [
    { title: 'Run' },
    { title: 'Made' },
    { title: 'Sheet' },
    { title: 'Images', align: 'right' as const },
    { title: 'Credits', align: 'right' as const },
    { title: 'State' },
  ];
  if (rows.length === 0) screen.say('There is no run yet. Make one: imagemill run SHEET');
  else for (const line of textTable(columns, rows, screen.colours.dim)) screen.say(line);
  screen.result({ runs: reports.map(runJson) });
  return 0;
}
