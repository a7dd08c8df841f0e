/** A batch as Google tells of it: a long-running operation, its state, its counts and its results. */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { lostFailure } from '../failures.ts';
import { UNREADABLE } from './gemini-answers.ts';
import { type Classified, classify, lineErrorSchema } from './gemini-errors.ts';
import { type CallAnswer, jsonOf } from '../http.ts';

export type AskedJob = { readonly job: BatchJob } | Classified;

/** Reads the answer to creating a batch, or to asking for one. */
export function readJob(answer: CallAnswer, now: number): AskedJob {
  return readGood(answer, now, (body) => {
    const parsed = jobSchema.safeParse(body);
    return parsed.success ? { job: parsed.data } : undefined;
  });
}

export interface JobPage {
  readonly jobs: readonly BatchJob[];
  readonly nextPage?: string;
}

/** Reads one page of the list. A job in it that we cannot read is none of ours. */
export function readJobPage(answer: CallAnswer, now: number): JobPage | Classified {
  return readGood(answer, now, (body) => {
    const parsed = pageSchema.safeParse(body);
    if (!parsed.success) return undefined;
    const { operations, nextPageToken } = parsed.data;
    const jobs = (operations ?? []).flatMap((each) => jobSchema.safeParse(each).data ?? []);
    return { jobs, ...(nextPageToken && { nextPage: nextPageToken }) };
  });
}

/** The body of a good answer, or the failure. */
export function readGood<Good>(
  answer: CallAnswer,
  now: number,
  read: (body: unknown) => Good | undefined,
): Good | Classified {
  if (answer.kind === 'lost') return { failure: lostFailure(answer) };
  if (answer.status !== 200) return classify(answer, now);
  return read(jsonOf(answer)) ?? { failure: UNREADABLE };
}

export type JobState = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';

/** `BATCH_STATE_…` and `JOB_STATE_…` are both in use; what is new to us is not ended. */
export function stateOf({ metadata, error, done }: BatchJob): JobState {
  const state = metadata?.state?.replace(/^(?:BATCH|JOB)_STATE_/, '');
  switch (state) {
    case 'SUCCEEDED':
    case 'PARTIALLY_SUCCEEDED':
      return 'succeeded';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    case 'EXPIRED':
      return 'expired';
    case undefined:
    case 'UNSPECIFIED':
      if (!done) return 'running';
      return error ? 'failed' : 'succeeded';
    default:
      return 'running';
  }
}

/**
 * What became of a line that is not in the results: `undefined` of a batch that ran to its end. Of an
 * expired or cancelled one Google promises nothing more than that there are no results, which we
 * take for "nothing was made of it".
 */
export function failureOfMissing(job: BatchJob): Failure | undefined {
  switch (stateOf(job)) {
    case 'cancelled':
      return { kind: 'overloaded', words: 'The batch was cancelled before this line was made.' };
    case 'expired':
      return { kind: 'overloaded', words: 'The batch expired before this line was made.' };
    case 'failed':
      return { kind: 'task-failed', words: job.error?.message || 'The batch failed.' };
    default:
      return undefined;
  }
}

/** `files/…` with the results; absent when nothing was made. */
export function resultsFileOf({ response, metadata }: BatchJob): string | undefined {
  return response?.responsesFile ?? metadata?.output?.responsesFile ?? undefined;
}

/** How many of its lines have ended, where that is told. Counts that are nothing are left out. */
export function completedOf({ metadata }: BatchJob): { completed?: number } {
  const stats = metadata?.batchStats;
  if (!stats?.requestCount) return {};
  return { completed: stats.requestCount - (stats.pendingRequestCount ?? 0) };
}

/** Milliseconds since 1970. */
export function createdAtOf({ metadata }: BatchJob): number | undefined {
  // oxlint-disable-next-line no-restricted-globals -- reads a text, not the clock
  const at = Date.parse(metadata?.createTime ?? '');
  return Number.isNaN(at) ? undefined : at;
}

// The wire, as far as it is read.

const text = z.string().nullish().catch(undefined);
/** 64-bit integers are texts. */
const count = z.coerce.number().int().nonnegative().optional().catch(undefined);

const outputSchema = z
  .object({
    // It becomes a part of an address.
    responsesFile: z
      .string()
      .regex(/^files\/[\w-]+$/)
      .nullish()
      .catch(undefined),
  })
  .nullish()
  .catch(undefined);

const jobSchema = z.object({
  name: z.string().regex(/^batches\/[\w-]+$/),
  done: z.boolean().nullish().catch(undefined),
  error: lineErrorSchema.nullish().catch(undefined),
  metadata: z
    .object({
      displayName: text,
      state: text,
      createTime: text,
      batchStats: z
        .object({ requestCount: count, pendingRequestCount: count })
        .nullish()
        .catch(undefined),
      output: outputSchema,
    })
    .nullish(),
  response: outputSchema,
});
export type BatchJob = z.infer<typeof jobSchema>;

const pageSchema = z.object({
  operations: z.array(z.unknown()).nullish(),
  nextPageToken: text,
});
