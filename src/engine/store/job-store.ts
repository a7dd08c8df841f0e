/** What the store does for jobs: a part of `Store`. */
import type {
  JobCounts,
  JobFile,
  JobFileState,
  JobOrder,
  JobOutput,
  JobState,
} from '../core/job.ts';
import type { Fenced } from './orders.ts';

/** A job as the store keeps it. */
export interface StoredJob {
  readonly id: string;
  readonly workspace: string;
  readonly order: JobOrder;
  readonly state: JobState;
  /** Its report in the out folder, once there is one. */
  readonly reportFile?: string;
  readonly workerId?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewJob {
  readonly id: string;
  readonly workspace: string;
  /** Hash of the order: within a workspace there is one job for each. */
  readonly orderKey: string;
  readonly order: JobOrder;
}

/** A picture that was found for a job. */
export interface ListedSource {
  readonly source: string;
  readonly name: string;
  /** New pictures are numbered in this order (then by `source`). */
  readonly sortKey: string;
  readonly version: string;
  readonly bytes: number;
  /** It cannot be worked on, and why. */
  readonly problem?: string;
}

/** A file that is going to be written: `sha256` makes it known for ours if this process dies. */
export interface ClaimedOutput extends JobOutput {
  /** `nameKey` of the file: no two pictures of a job have the same. */
  readonly nameKey: string;
  /** Hash of our own older file that it takes the place of. */
  readonly replaces?: string;
  /** The file is written by us, not found there with the same bytes. */
  readonly isOurs: boolean;
}

/** A picture that waits for its work, with what was written of it before. */
export interface WaitingSource extends Pick<
  JobFile,
  'source' | 'name' | 'number' | 'version' | 'bytes'
> {
  readonly claimed: readonly ClaimedOutput[];
}

/** How the work on a picture ended. */
export interface JobSettlement {
  readonly number: number;
  readonly state: 'done' | 'failed';
  /** Of the bytes that were read, which may be newer than those that were listed. */
  readonly version: string;
  readonly bytes: number;
  readonly reason?: string;
  readonly findings?: unknown;
  /** All that were claimed for it and are there now; others of it are forgotten. */
  readonly outputs: readonly ClaimedOutput[];
}

/** Bytes of the pictures that are done, and of what was made of them. */
export interface JobBytes {
  readonly before: number;
  readonly after: number;
}

export interface JobStore {
  /** Makes the job, or finds the one with the same key. */
  putJob(job: NewJob): Promise<StoredJob>;
  findJob(jobId: string): Promise<StoredJob | undefined>;
  jobWithKey(workspace: string, orderKey: string): Promise<StoredJob | undefined>;
  /** Newest first. */
  listJobs(workspace: string): Promise<StoredJob[]>;
  /** Takes the job for `workerId` if it is free or still with `from`; false when somebody else has it. */
  claimJob(jobId: string, workerId: string, from: string | undefined): Promise<boolean>;
  /** Gives the job up, in the state that it is in now. */
  releaseJob(jobId: string, workerId: string, state: JobState): Promise<Fenced>;
  setJobReport(jobId: string, workerId: string, file: string): Promise<Fenced>;

  /** Begins to list the job's sources anew; gives the listing's number. `fenced`: it is not ours. */
  beginListing(jobId: string, workerId: string): Promise<number | 'fenced'>;
  /** Pictures that are new or changed wait from now on; the others keep their state. */
  putSources(jobId: string, listing: number, sources: readonly ListedSource[]): Promise<void>;
  /** Numbers what is new, and marks what was not listed as gone; how many are. */
  endListing(jobId: string, listing: number): Promise<{ readonly gone: number }>;
  /** Which of these names are files that the job has written. */
  ownNames(jobId: string, nameKeys: readonly string[]): Promise<ReadonlySet<string>>;

  /** The next pictures that wait, after `number`. */
  waitingSources(jobId: string, after: number, most: number): Promise<WaitingSource[]>;
  /**
   * Enters files before they are written. Names that other pictures of the job have are refused, and
   * then nothing is entered; none: all were.
   */
  claimOutputs(
    jobId: string,
    workerId: string,
    number: number,
    outputs: readonly ClaimedOutput[],
  ): Promise<readonly string[] | 'fenced'>;
  settleJobFile(jobId: string, workerId: string, settlement: JobSettlement): Promise<Fenced>;
  /** Lets pictures wait again: by their numbers, or all that failed. How many. */
  requeueJobFiles(
    jobId: string,
    workerId: string,
    which: readonly number[] | 'failed',
  ): Promise<number>;
  /** By the pictures' numbers. */
  setJobFindings(
    jobId: string,
    workerId: string,
    findings: ReadonlyMap<number, unknown>,
  ): Promise<Fenced>;

  jobCounts(jobId: string): Promise<JobCounts>;
  jobBytes(jobId: string): Promise<JobBytes>;
  /** In the order of the work. */
  jobFiles(jobId: string, states?: readonly JobFileState[]): AsyncIterable<JobFile>;
}
