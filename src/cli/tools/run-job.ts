/** Works a tool through its pictures (or watches who does), showing it, and tells the end. */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, type Problem, UsageError } from '../../engine/core/errors.ts';
import type { JobFile, JobTask } from '../../engine/core/job.ts';
import type { JobPlan, JobReport } from '../../engine/engine-types.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { countText, plural } from '../amount-text.ts';
import { catchInterrupts } from '../interrupts.ts';
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

const LOOK_EVERY_MS = 1_000;

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
  session: Session,
  jobId: string,
  options: JobOptions,
): Promise<JobReport> {
  const { engine, screen } = session;
  let inFlight = 0;
  using meter = await JobMeter.on(screen);
  using interrupts = catchInterrupts(() => {
    const words = `finishing ${inFlight} in flight; press again to stop at once; go on with the same command`;
    meter.hint(words);
    if (!screen.isLive) screen.warn(words);
  });
  for (;;) {
    const result = await engine.tools.workOn(jobId, {
      drain: interrupts.drain,
      ...(options.retryFailed === true && { retryFailed: true }),
      onProgress: (progress) => {
        inFlight = progress.inFlight;
        meter.update(progress);
      },
      onNotice: (text) => meter.note(screen.colours.yellow(text)),
    });
    if (result.kind === 'ended') return result.report;
    const { pid, host } = result.owner;
    meter.note(`Process ${pid} on ${host} works on this already; watching it.`);
    meter.hint('Ctrl-C stops watching; the work goes on');
    const watched = await watch(session, jobId, meter, interrupts.drain);
    if (watched !== undefined) return watched;
  }
}

/** Shows a job that another process works on. `undefined`: that process has died or stopped, take over. */
async function watch(
  { engine }: Session,
  jobId: string,
  meter: JobMeter,
  drain: AbortSignal,
): Promise<JobReport | undefined> {
  const startedAt = Date.now();
  for (;;) {
    const report = await engine.tools.jobReport(jobId);
    const { counts, bytes, job, owner } = report;
    const now = Date.now();
    meter.update({ jobId, phase: 'working', counts, inFlight: 0, bytes, startedAt, now });
    if (drain.aborted) return { ...report, exitCode: EXIT_CODES.interrupted };
    if (job.state === 'done' && owner === undefined) return report;
    if (owner?.alive !== true) return undefined;
    await sleep(LOOK_EVERY_MS, undefined, { signal: drain }).catch(() => undefined);
  }
}
