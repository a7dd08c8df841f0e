/** `imagemill tools jobs [job]`: what the tools have worked on, and how one of them stands. */
import type { Command } from 'commander';
import type { JobTask } from '../../engine/core/job.ts';
import { formatRecipe } from '../../engine/core/recipe.ts';
import type { JobReport } from '../../engine/engine-types.ts';
import { countText } from '../amount-text.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { aboutText } from '../time-text.ts';
import { endedOf, totalOf } from './job-picture.ts';
import { jobEndLines, jobJson } from './job-view.ts';
import { failuresOf } from './run-job.ts';

const HELP = `
Examples:
  imagemill tools jobs                     all of them, the newest first
  imagemill tools jobs j7k2                one, by the beginning of its id, with what failed in it
A job goes on with the command that began it.
`;

/** `end` is told the exit code of the command that ran. */
export function addListJobs(tools: Command, end: (code: number) => void): void {
  const command = tools
    .command('jobs [job]')
    .description('what the tools have worked on, and how it stands')
    .option('--json', 'print one JSON object as the last line of stdout, nothing else there')
    .option('--home <FOLDER>', 'where runs and images are kept; default: ~/.imagemill')
    .option('--config <FILE>', 'config file; default: imagemill.yaml here or in the home folder')
    .addHelpText('after', HELP)
    .action(async (job: string | undefined) => {
      end(await (job === undefined ? listJobs(command.opts()) : showJob(job, command.opts())));
    });
}

async function listJobs(options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const reports: JobReport[] = [];
  for (const job of await engine.tools.listJobs()) {
    reports.push(await engine.tools.jobReport(job.id));
  }
  const now = Date.now();
  const columns = [
    { title: 'Job' },
    { title: 'Made' },
    { title: 'What' },
    { title: 'Pictures', align: 'right' as const },
    { title: 'State' },
    { title: 'Into' },
  ];
  const rows = reports.map(({ job, counts, owner }) => [
    job.id,
    aboutText(job.createdAt, now),
    taskText(job.order.task),
    `${countText(endedOf(counts))}/${countText(totalOf(counts))}`,
    job.state === 'done' ? 'done' : owner?.alive === true ? 'running' : 'stopped',
    job.order.task.kind === 'check' ? '' : job.order.out,
  ]);
  if (rows.length === 0) screen.say('There is no job yet. Make one: imagemill tools --help');
  else for (const line of textTable(columns, rows, screen.colours.dim)) screen.say(line);
  screen.result({ jobs: reports.map((report) => jobJson({ report, failures: [] })) });
  return 0;
}

async function showJob(idOrPrefix: string, options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const { id } = await engine.tools.findJob(idOrPrefix);
  const report = await engine.tools.jobReport(id);
  const end = { report, failures: await failuresOf(session, report) };
  screen.say(taskText(report.job.order.task));
  for (const line of jobEndLines(end, screen.colours)) screen.say(line);
  screen.result(jobJson(end));
  return 0;
}

function taskText(task: JobTask): string {
  switch (task.kind) {
    case 'finish':
      return formatRecipe(task.recipe);
    case 'mark':
      return `mark${task.marks.source === undefined ? '' : ` ${task.marks.source}`}`;
    case 'check':
      return task.screen === true ? 'check and screen' : 'check';
    default:
      return task satisfies never;
  }
}
