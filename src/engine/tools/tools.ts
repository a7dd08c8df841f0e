/** What the engine offers for work on many pictures: order a job, work on it, look at it. */
import type { JobCounts, JobFile, JobFileState, JobOrder, JobTask } from '../core/job.ts';
import type { FileInspection } from '../core/file-report.ts';
import type { JobBytes, StoredJob } from '../store/store.ts';
import type { CheckReport, CheckRequest, StartedCheck } from './check-pictures.ts';
import type { FoundPicture } from './check-report.ts';
import type { ContactSheetOrder, ContactSheets } from './contact-sheet.ts';
import type { InspectOptions } from './inspect-file.ts';
import type { LeftOut } from './list-sources.ts';
import type { Preview, PreviewOrder, PreviewResult } from './preview-work.ts';

export type {
  CheckReport,
  CheckRequest,
  ContactSheetOrder,
  ContactSheets,
  FoundPicture,
  Preview,
  PreviewOrder,
  PreviewResult,
  StartedCheck,
  StoredJob,
};

/** A job as people or programs ask for it. */
export interface JobRequest {
  /** Folders, files, or one run by its id or the beginning of it. A path that is there is taken for it. */
  readonly sources: readonly string[];
  /** Of a run these items only, by their ids. Absent: all of its delivered images. */
  readonly items?: readonly string[];
  /** Absolute path of the folder that relative paths count from. */
  readonly workingFolder: string;
  /** Absent: a folder beside the source that is named after it and the task. */
  readonly out?: string;
  /** Absent: `{folder}/{stem}{-output}.{ext}`. */
  readonly nameTemplate?: string;
  readonly task: JobTask;
}

export interface PlanJobOptions {
  /** Also works on a few of the pictures, writing nothing, to tell how long all will take. Default: false. */
  readonly forecast?: boolean;
}

/** What a job would do; nothing has been written. */
export interface JobPlan {
  readonly order: JobOrder;
  /** The job of the same order that is there already; working on it again goes on with it. */
  readonly job?: StoredJob;
  /** Pictures that were found, and their bytes. */
  readonly pictures: number;
  readonly bytes: number;
  /** Of them, those that are done already, as far as they have not changed. */
  readonly done: number;
  /** What was seen below the folders and is not taken. */
  readonly leftOut: Readonly<LeftOut>;
  /** The first of them, with the files that would be made. Only with `forecast`. */
  readonly examples: readonly JobExample[];
  readonly forecast?: JobForecast;
}

export interface JobExample {
  readonly source: string;
  /** Names below the out folder, with their pixels and bytes. */
  readonly files: readonly {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
  }[];
  /** Why nothing can be made of it. */
  readonly reason?: string;
}

/** From the pictures that were tried. */
export interface JobForecast {
  /** For those that are not done yet. */
  readonly totalMs: number;
  /** Bytes of the new files. */
  readonly bytes: number;
}

export interface JobProgress {
  readonly jobId: string;
  /** `listing`: the sources are looked at; the counts grow. */
  readonly phase: 'listing' | 'working';
  readonly counts: JobCounts;
  readonly inFlight: number;
  /** Of the pictures that are done, and of what was made of them. */
  readonly bytes: JobBytes;
  readonly startedAt: number;
  readonly now: number;
}

export interface WorkOptions {
  /** Aborted: begin no further picture, finish what is in flight. */
  readonly drain?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
  /** Told when there is something to say in words. */
  readonly onNotice?: (text: string) => void;
  /** Pictures that failed before are tried again. Default: only where their file has changed. */
  readonly retryFailed?: boolean;
}

export interface JobReport {
  readonly job: StoredJob;
  readonly counts: JobCounts;
  readonly bytes: JobBytes;
  /** As for a run (`exit-code.ts`). */
  readonly exitCode: number;
  /** Absolute path of the table in the out folder. */
  readonly reportFile?: string;
  /** What stopped it: the disk, and what to do. */
  readonly stopped?: string;
  /** It may be gone in a while. */
  readonly mayPass?: boolean;
  /** The process that works on it now. */
  readonly owner?: { readonly host: string; readonly pid: number; readonly alive: boolean };
}

export type JobResult =
  | { readonly kind: 'ended'; readonly report: JobReport }
  /** A living process works on it already. */
  | { readonly kind: 'owned'; readonly owner: { readonly host: string; readonly pid: number } };

export interface Tools {
  /** All that a picture's file says of itself, and what the store knows of it. Writes nothing. */
  inspect(path: string, options?: InspectOptions): Promise<FileInspection>;
  /** Throws `InputError` with everything that is wrong with the request. Writes nothing. */
  planJob(request: JobRequest, options?: PlanJobOptions): Promise<JobPlan>;
  /** What a task makes of one picture, by the job's own work. Writes nothing. */
  preview(order: PreviewOrder): Promise<PreviewResult>;
  /** Makes the job, or finds the one of the same order. Nothing is worked on yet. */
  startJob(order: JobOrder): Promise<{ readonly job: StoredJob; readonly continued: boolean }>;
  /**
   * Looks at the sources, works on what is new, changed or left over, and writes the report when nothing
   * waits any more. It can be repeated at any time.
   */
  workOn(jobId: string, options?: WorkOptions): Promise<JobResult>;
  /** By full id or a unique beginning; throws `UsageError` that lists what is there. */
  findJob(idOrPrefix: string): Promise<StoredJob>;
  /** Newest first. */
  listJobs(): Promise<StoredJob[]>;
  jobReport(jobId: string): Promise<JobReport>;
  /** In the order of the work. */
  jobFiles(jobId: string, states?: readonly JobFileState[]): AsyncIterable<JobFile>;
  /**
   * Makes the job that looks at each picture by itself, or finds the one that did; `workOn` works on it.
   * Throws `InputError` for what is neither a path nor a run, `UsageError` when the screening model is asked
   * for and not installed.
   */
  startCheck(request: CheckRequest): Promise<StartedCheck>;
  /** Judges what was seen, writes the report, and for a run the flags of its images and its results. */
  concludeCheck(check: StartedCheck): Promise<CheckReport>;
  /**
   * Writes the contact sheets of runs and folders, side by side where there are several: a picture, and a
   * page with its thumbnails. Throws `InputError` for what is neither a path nor a run.
   */
  contactSheet(order: ContactSheetOrder): Promise<ContactSheets>;
}
