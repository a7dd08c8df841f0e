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
  /** Folders of the machine, which texts may name, and what is said instead. */
  readonly hide: Hide;
}

export type Hide = (text: string) => string;

export function orderedJobJson({ job, request, report, hide }: KnownJob) {
  const { counts, bytes } = report;
  const total = counts.done + counts.failed + counts.waiting;
  const ended = job.state === 'done' ? 1 : total === 0 ? 0 : (total - counts.waiting) / total;
  return {
    job: job.id,
    kind: job.kind as (typeof JOB_KINDS)[number],
    state: job.state,
    run: job.runId ?? null,
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

export function jobFileJson(jobId: string, file: JobFile, hide: Hide) {
  const { number, name, state, reason, bytes, outputs } = file;
  return {
    number,
    source: name,
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
    })),
  };
}

export function jobFindingJson({ file, row, index, findings }: CheckedPicture) {
  return { file, row: row ?? null, index: index ?? null, findings: [...findings] };
}
