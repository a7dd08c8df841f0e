/** Jobs of the tools as the API tells them. No path of the machine is in them. */
import { isoTime } from '../../engine/core/iso-time.ts';
import type { CheckedPicture, CheckOutcome } from '../../engine/engine-types.ts';
import type { JobReport, OrderedJob } from '../../engine/engine-types.ts';
import type { JobFile } from '../../engine/core/job.ts';
import type { JOB_KINDS } from '../schemas/job.ts';

export interface KnownJob {
  readonly job: OrderedJob;
  readonly request: Readonly<Record<string, unknown>>;
  readonly report: JobReport;
  /** Items of the run that were chosen. */
  readonly items: number | undefined;
  /** Folders of the machine, which texts may name, and what is said instead. */
  readonly hide: Hide;
}

export type Hide = (text: string) => string;

export function orderedJobJson({ job, request, report, items, hide }: KnownJob) {
  const { counts, bytes } = report;
  const total = counts.done + counts.failed + counts.waiting;
  const ended = job.state === 'done' ? 1 : total === 0 ? 0 : (total - counts.waiting) / total;
  return {
    job: job.id,
    kind: job.kind as (typeof JOB_KINDS)[number],
    state: job.state,
    run: job.runId ?? null,
    items: items ?? null,
    request,
    problem: job.problem === undefined ? null : hide(job.problem),
    pictures: {
      done: counts.done,
      failed: counts.failed,
      waiting: counts.waiting,
      gone: counts.gone,
    },
    progress: Number(ended.toFixed(4)),
    bytes: { before: bytes.before, after: bytes.after },
    check: job.outcome === undefined ? null : outcomeJson(job.outcome as CheckOutcome),
    created_at: isoTime(job.createdAt),
    ended_at: job.endedAt === undefined ? null : isoTime(job.endedAt),
  };
}

function outcomeJson({ pictures, failed, flagged, screened, counts }: CheckOutcome) {
  return { pictures, failed, flagged, screened, counts };
}

export function jobFileJson(
  { id: jobId, runId, kind }: Pick<OrderedJob, 'id' | 'runId' | 'kind'>,
  file: JobFile,
  hide: Hide,
) {
  const { number, name, source, state, reason, bytes, outputs } = file;
  return {
    number,
    source: name,
    // A check looks at files, whichever item they are of.
    item: runId === undefined || kind === 'check' ? null : source,
    thumbnail: thumbnailOf(jobId, number, 'source'),
    state,
    reason: reason === undefined ? null : hide(reason),
    bytes,
    outputs: outputs.map((each) => ({
      file: each.file,
      output: each.output ?? null,
      width: each.width,
      height: each.height,
      bytes: each.bytes,
      sha256: each.sha256,
      url: `/v1/jobs/${jobId}/files/${number}/content${each.output === undefined ? '' : `?output=${encodeURIComponent(each.output)}`}`,
      thumbnail: thumbnailOf(jobId, number, 'result', each.output),
    })),
  };
}

export function jobFindingJson(jobId: string, checked: CheckedPicture) {
  const { file, number, row, index, itemId, findings } = checked;
  return {
    file,
    number: number ?? null,
    row: row ?? null,
    index: index ?? null,
    item: itemId ?? null,
    thumbnail: number === undefined ? null : thumbnailOf(jobId, number, 'source'),
    findings: [...findings],
  };
}

function thumbnailOf(
  jobId: string,
  number: number,
  of: 'source' | 'result',
  output?: string,
): string {
  const query = new URLSearchParams({ of, ...(output !== undefined && { output }) });
  return `/v1/jobs/${jobId}/files/${number}/thumbnail?${query.toString()}`;
}
