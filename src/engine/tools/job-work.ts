/**
 * The seam between a job and what it does to a picture: a source in, new files or findings out. A work
 * writes nothing itself; the job names, writes and records the files, so that every kind of work can be
 * stopped and gone on with in the same way.
 */
import type { FileFormat } from '../core/quality.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { ImageMarks } from '../core/finisher.ts';
import type { JobFile } from '../core/job.ts';

/** One picture of a job. */
export interface JobSource {
  /** Path below the job's folder with `/` between folders, or the item's id. */
  readonly key: string;
  /** The path as people know it: the same, or the delivered file's name. */
  readonly name: string;
  /** Place in the order of the work, from 1. */
  readonly number: number;
  /** Changes when the bytes change. */
  readonly version: string;
  /** Of a run: the image that it is. */
  readonly item?: ItemRecord;
  /** Of a run: all that is known of how it was made. */
  readonly marks?: ImageMarks;
  /** The bytes that were read for this work. */
  readonly bytes: Uint8Array;
}

/** A file that is to be written for a source. */
export interface NewFile {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly format: FileFormat;
  /** The recipe's name of it; goes into the file's name as `{output}`. */
  readonly output?: string;
}

export type JobOutcome =
  | {
      readonly kind: 'done';
      /** In the recipe's order; none for work that only looks. */
      readonly files: readonly NewFile[];
      /** What was found out: anything that JSON can hold. */
      readonly findings?: unknown;
    }
  /** This picture cannot be worked on; `reason` says why and what to do. The others go on. */
  | { readonly kind: 'failed'; readonly reason: string; readonly findings?: unknown };

/** All pictures of a job that have their outcome, for what can only be judged together. */
export interface JobFindings {
  /** In the order of the work, read page by page: never all of them in memory. */
  files(): AsyncIterable<JobFile>;
  /** Writes findings anew, by the pictures' numbers. */
  change(findings: ReadonlyMap<number, unknown>): Promise<void>;
}

/** The table that is written into the out folder when a job is done. */
export interface JobReportSheet {
  /** Its usual name: `finish-report.csv`. */
  readonly file: string;
  readonly columns: readonly string[];
  /** Lines of one picture, each with a cell for each column. */
  lines(file: JobFile): readonly (readonly string[])[];
}

export interface JobWork {
  /** Never rejects because of a bad picture. Called for several sources at a time. */
  perform(source: JobSource): Promise<JobOutcome>;
  /** Called when no source waits any more, before the report is written; may be called again later. */
  conclude?(all: JobFindings): Promise<void>;
  /** Absent: it writes nothing into the out folder, which need not be there. */
  readonly report?: JobReportSheet;
}
