/** A job's end, and what it would do, in words and as JSON. */
import type { JobFile } from '../../engine/core/job.ts';
import { formatBytes } from '../../engine/core/reference.ts';
import { formatSize } from '../../engine/core/size.ts';
import type { JobPlan, JobReport } from '../../engine/engine-types.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { countText, plural } from '../amount-text.ts';
import type { Colours } from '../screen.ts';
import { durationText } from '../time-text.ts';
import { jobBytesText, jobCountsText, totalOf } from './job-picture.ts';

/** Failures shown to a person; the report in the out folder has them all. */
const MOST_SHOWN = 10;
/** And in JSON, which may be read as a whole. */
export const MOST_FAILURES = 1_000;

export interface JobEnd {
  readonly report: JobReport;
  /** At most `MOST_FAILURES`, in the order of the work. */
  readonly failures: readonly JobFile[];
  /** How long this process worked on it. */
  readonly elapsedMs?: number;
}

export function jobEndLines({ report, failures, elapsedMs }: JobEnd, colours: Colours): string[] {
  const { job, counts, bytes, exitCode } = report;
  const isDone = job.state === 'done';
  const mark = exitCode === EXIT_CODES.delivered ? colours.green('✔') : colours.yellow('●');
  const took = elapsedMs === undefined ? '' : ` in ${durationText(elapsedMs)}`;
  const state = isDone ? (counts.failed > 0 ? 'done, but not all' : 'done') : 'stopped';
  const saved = jobBytesText(bytes);
  const shown = failures.slice(0, MOST_SHOWN);
  const more = counts.failed - shown.length;
  return [
    `${mark} ${colours.bold(plural(totalOf(counts), 'picture'))} ${colours.dim(job.id)}  ${state}${took}`,
    `  ${jobCountsText(counts, 0, colours)}`,
    ...(saved === '' ? [] : [`  ${saved}`]),
    ...(report.stopped === undefined ? [] : [`  ${colours.red(report.stopped)}`]),
    ...shown.map(({ name, reason = '' }) => `  ${colours.red(name)}: ${reason}`),
    ...(more > 0 ? [`  and ${countText(more)} more that failed`] : []),
    ...(counts.gone > 0
      ? [`  ${plural(counts.gone, 'source')} no longer there; what was made of them stays`]
      : []),
    `  ${colours.dim('Files ')}  ${job.order.out}`,
    ...(isDone && report.reportFile !== undefined
      ? [`  ${colours.dim('Report')}  ${report.reportFile}`]
      : []),
    '',
    ...nextSteps(report),
  ];
}

function nextSteps({ job, counts }: JobReport): string[] {
  if (job.state !== 'done') return ['Go on: give the same command again.'];
  if (counts.failed === 0)
    return ['Give the same command again after a change: only that is done.'];
  return [
    'What was mended is done by the same command; with --retry-failed all that failed is tried again.',
  ];
}

export function jobJson({ report, failures }: JobEnd) {
  const { job, counts, bytes, exitCode, stopped, reportFile, owner } = report;
  return {
    job: job.id,
    kind: job.order.task.kind,
    state: job.state,
    pictures: {
      done: counts.done,
      failed: counts.failed,
      waiting: counts.waiting,
      gone: counts.gone,
    },
    bytes,
    out: job.order.out,
    report: job.state === 'done' ? (reportFile ?? null) : null,
    failures: failures.map(({ name, reason = '' }) => ({ source: name, reason })),
    stopped: stopped ?? null,
    owner: owner ?? null,
    exit_code: exitCode,
  };
}

export function jobPlanLines(plan: JobPlan, colours: Colours): string[] {
  const { order, pictures, bytes, done, examples, forecast } = plan;
  const left = leftOutText(plan);
  return [
    `${colours.bold(plural(pictures, 'picture'))} of ${formatBytes(bytes)}${done > 0 ? `, ${countText(done)} of them done already` : ''}${left}`,
    `  ${colours.dim('Into')}  ${order.out}`,
    ...examples.flatMap(({ source, files, reason }) => [
      `  ${source}`,
      ...files.map(
        (file) => `    → ${file.file}  ${formatSize(file)}, about ${formatBytes(file.bytes)}`,
      ),
      ...(reason === undefined ? [] : [`    ${colours.yellow(reason)}`]),
    ]),
    ...(forecast === undefined
      ? []
      : [
          `About ${durationText(forecast.totalMs)} on this machine, and ${formatBytes(forecast.bytes)} of new files`,
        ]),
    'Nothing was written.',
  ];
}

/** `; left out: 3 links, 12 other files`. */
export function leftOutText({ leftOut }: JobPlan): string {
  const parts = [
    [leftOut.others, 'other file'],
    [leftOut.hidden, 'hidden one'],
    [leftOut.links, 'link'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => plural(count, word));
  if (leftOut.own > 0) said.push(`${countText(leftOut.own)} of Imagemill's own`);
  return said.length === 0 ? '' : `; left out: ${said.join(', ')}`;
}

export function jobPlanJson({
  order,
  job,
  pictures,
  bytes,
  done,
  leftOut,
  examples,
  forecast,
}: JobPlan) {
  return {
    job: job?.id ?? null,
    kind: order.task.kind,
    pictures,
    bytes,
    done,
    out: order.out,
    left_out: leftOut,
    examples: examples.map(({ reason, ...example }) => ({ ...example, reason: reason ?? null })),
    forecast:
      forecast === undefined
        ? null
        : { seconds: Math.ceil(forecast.totalMs / 1000), bytes: forecast.bytes },
  };
}
