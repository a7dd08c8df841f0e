/** The tables of jobs, in the same dialect as `tables.ts`. */
import type { JobFileState, JobState } from '../core/job.ts';

/** A tool's work through many pictures. */
export interface JobsTable {
  id: string;
  workspace: string;
  /** Hash of the order: what makes two jobs the same. */
  order_key: string;
  /** `JobOrder` as JSON. */
  job_order: string;
  state: JobState;
  /** Number of times that its sources were listed; pictures of an older one are gone. */
  listing: number;
  /** Its report in the out folder, once there is one. */
  report_file: string | null;
  worker_id: string | null;
  created_at: number;
  updated_at: number;
}

/** One picture of a job. */
export interface JobFilesTable {
  job_id: string;
  /** Path below the base folder with `/` between folders, or an item's id. */
  source: string;
  /** The path as people know it. */
  name: string;
  /** New pictures are numbered in this order. */
  sort_key: string;
  /** Order of the work, from 1; 0 until the listing that found it has ended. */
  number: number;
  /** Changes when the source's bytes change: size and time of a file, hash of a master. */
  version: string;
  /** Of the source. */
  bytes: number;
  state: JobFileState;
  /** Why it failed. */
  reason: string | null;
  /** What was found out about it, as JSON. */
  findings: string | null;
  /** The listing that saw it last. */
  listing: number;
}

/** A file that a job writes: entered before it is written, so that it is known for ours after a crash. */
export interface JobOutputsTable {
  job_id: string;
  /** Names with the same key are one file on some system (`deliver/unique-name.ts`). */
  name_key: string;
  /** The picture that it was made of. */
  number: number;
  /** Which of its outputs, from 1. */
  place: number;
  /** Below the out folder, with `/` between folders. */
  file: string;
  /** The recipe's name of it. */
  output: string | null;
  bytes: number;
  sha256: string;
  /** Hash of our own older file that it takes the place of. */
  replaces: string | null;
  /** 0: the same bytes were there already, and are somebody else's. */
  is_ours: number;
  is_written: number;
  width: number;
  height: number;
}
