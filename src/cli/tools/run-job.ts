/** Works a tool through its pictures (or watches who does), showing it, and tells the end. */
import { resolve } from 'node:path';
import { InputError, type Problem, UsageError } from '../../engine/core/errors.ts';
import type { JobFile, JobTask } from '../../engine/core/job.ts';
import type { JobPlan, JobReport } from '../../engine/engine-types.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { countText, plural } from '../amount-text.ts';
import { workOrWatch } from '../work-or-watch.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { JobMeter } from './job-picture.ts';
import {
  type JobEnd,
  jobEndLines,
  jobJson,
  jobPlanJson,
  jobPlanLines,
  leftOutText,
  MOST_FAILURES,
} from './job-view.ts';

/** Options that all tools for many pictures take. */
export interface JobOptions extends CommonOptions {
  readonly out?: string;
  readonly name?: string;
  readonly dryRun?: boolean;
  readonly retryFailed?: boolean;
}

export type ReadTask = { readonly task: JobTask } | { readonly problems: readonly Problem[] };

/** Answers the exit code. @throws InputError with every option and source that cannot be used */
export async function runJob(
  sources: readonly string[],
  options: JobOptions,
  read: ReadTask,
): Promise<number> {
  await using session = await openSession(options);
  if ('problems' in read) throw new InputError(read.problems);
  const { engine, screen, workingFolder } = session;
  const request = {
    sources,
    workingFolder,
    ...(options.out !== undefined && { out: resolve(workingFolder, options.out) }),
    ...(options.name !== undefined && { nameTemplate: options.name }),
    task: read.task,
  };
  const isDry = options.dryRun === true;
  const plan = await engine.tools.planJob(request, { forecast: isDry });
  if (plan.pictures === 0 && plan.job === undefined) {
    throw new UsageError(
      `There are no pictures in ${sources.join(', ')}${leftOutText(plan)}. Pictures end in png, jpg, webp, avif, gif, tiff or bmp.`,
    );
  }
  if (isDry) {
    for (const line of jobPlanLines(plan, screen.colours)) screen.say(line);
    screen.result(jobPlanJson(plan));
    return EXIT_CODES.delivered;
  }
  return await work(session, plan, options);
}

async function work(session: Session, plan: JobPlan, options: JobOptions): Promise<number> {
  const { engine, screen } = session;
  const { job, continued } = await engine.tools.startJob(plan.order);
  const goesOn = continued && plan.done > 0 ? `, ${countText(plan.done)} of them done already` : '';
  screen.say(
    `${plural(plan.pictures, 'picture')} into ${plan.order.out}${goesOn}${leftOutText(plan)}`,
  );
  const startedAt = Date.now();
  const report = await workShown(session, job.id, options);
  const end = {
    report,
    failures: await failuresOf(session, report),
    elapsedMs: Date.now() - startedAt,
  };
  return tell(session, end);
}

function tell({ screen }: Session, end: JobEnd): number {
  screen.say();
  for (const line of jobEndLines(end, screen.colours)) screen.say(line);
  screen.result(jobJson(end));
  return end.report.exitCode;
}

/** At most `MOST_FAILURES`. */
export async function failuresOf(
  { engine }: Session,
  { job, counts }: JobReport,
): Promise<readonly JobFile[]> {
  const failures: JobFile[] = [];
  if (counts.failed === 0) return failures;
  for await (const file of engine.tools.jobFiles(job.id, ['failed'])) {
    failures.push(file);
    if (failures.length >= MOST_FAILURES) break;
  }
  return failures;
}

/** Works on a job, or watches who does, until it ends. */
export async function workShown(
  { engine, screen }: Session,
  jobId: string,
  options: JobOptions,
): Promise<JobReport> {
  using meter = await JobMeter.on(screen);
  const startedAt = Date.now();
  return await workOrWatch<JobReport>(screen, {
    name: 'this',
    whatGoesOn: 'the work',
    howToGoOn: ' the same command',
    meter,
    work: (drain, onInFlight) =>
      engine.tools.workOn(jobId, {
        drain,
        ...(options.retryFailed === true && { retryFailed: true }),
        onProgress: (progress) => {
          onInFlight(progress.inFlight);
          meter.update(progress);
        },
        onNotice: (text) => meter.note(screen.colours.yellow(text)),
      }),
    look: async () => {
      const report = await engine.tools.jobReport(jobId);
      const { counts, bytes, job, owner } = report;
      const now = Date.now();
      meter.update({ jobId, phase: 'working', counts, inFlight: 0, bytes, startedAt, now });
      const isOver = job.state === 'done' && owner === undefined;
      return { report, isOver, isOwned: owner?.alive === true };
    },
  });
}
