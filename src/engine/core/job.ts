/**
 * A job: one tool's work through many pictures, of a folder or of a run. It is kept in the store file by
 * file, so that it goes on where it was stopped.
 */
export const JOB_KINDS = ['finish', 'mark', 'check'] as const;
/** `finish` makes new files by a recipe, `mark` copies with marks, `check` writes a report only. */
export type JobKind = (typeof JOB_KINDS)[number];

/** `running` without a living worker: it was interrupted, and goes on with the same command. */
export type JobState = 'running' | 'done';

export type JobFileState = 'waiting' | 'done' | 'failed';

/** A file that a job has written. */
export interface JobOutput {
  /** Below the out folder, with `/` between folders. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}
