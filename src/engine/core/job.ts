/**
 * A job: one tool's work through many pictures, of a folder or of a run. It is kept in the store file by
 * file, so that it goes on where it was stopped.
 */
import type { ImageMarks } from './finisher.ts';
import type { Recipe } from './recipe.ts';

/** `running` without a living worker: it was interrupted, and goes on with the same order. */
export type JobState = 'running' | 'done';

export const JOB_FILE_STATES = ['waiting', 'done', 'failed', 'gone'] as const;
/** `gone`: it was there once, and no longer is; what was made of it stays. */
export type JobFileState = (typeof JOB_FILE_STATES)[number];

export type JobCounts = Readonly<Record<JobFileState, number>>;

/** Where a job's pictures come from. Paths are absolute. */
export type JobSources =
  /** Files, and folders with all that is below them; each is known by its path below `base`. */
  | {
      readonly kind: 'files';
      readonly base: string;
      readonly paths: readonly string[];
    }
  /** The stored masters of a run's delivered images; with `items` of these alone, by their ids. */
  | { readonly kind: 'run'; readonly runId: string; readonly items?: readonly string[] };

export interface FinishTask {
  readonly kind: 'finish';
  readonly recipe: Recipe;
  /** What the new files say of themselves: all that is known, all but the prompts, or nothing. Absent: all. */
  readonly marks?: 'no-prompt' | 'none';
}

export interface MarkTask {
  readonly kind: 'mark';
  /** What all of the pictures say of themselves from now on; of a run's images, beside what is known. */
  readonly marks: Partial<ImageMarks>;
  /** Prompts are left out, also those that are known. */
  readonly withoutPrompt?: true;
}

export interface CheckTask {
  readonly kind: 'check';
  /** Pictures are screened as well, and flagged for review. */
  readonly screen?: true;
}

/** What is done to each picture: new files by a recipe, copies with marks, or a report only. */
export type JobTask = FinishTask | MarkTask | CheckTask;

/** Two orders that are equal are the same job: ordering it again goes on with it. */
export interface JobOrder {
  readonly sources: JobSources;
  /** Absolute path of the folder that is written into. */
  readonly out: string;
  /** Names of new files below `out`: `{folder}/{stem}{-output}.{ext}`. */
  readonly nameTemplate: string;
  readonly task: JobTask;
}

/** A file that a job has written. */
export interface JobOutput {
  /** Below the out folder, with `/` between folders. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** The recipe's name of it; absent: it has none. */
  readonly output?: string;
}

/** One picture of a job, as the store keeps it. */
export interface JobFile {
  /** Path below the base folder with `/` between folders, or the item's id. */
  readonly source: string;
  /** The path as people know it: the same, or the delivered file's name. */
  readonly name: string;
  /** Place in the order of the work, from 1. */
  readonly number: number;
  /** Changes when the source's bytes change: size and time of a file, hash of a master. */
  readonly version: string;
  /** Of the source. */
  readonly bytes: number;
  readonly state: JobFileState;
  /** Why it failed. */
  readonly reason?: string;
  readonly outputs: readonly JobOutput[];
  /** What was found out about it: anything that JSON can hold. */
  readonly findings?: unknown;
}
