/** From a picture that waits to what a work is handed: its bytes, and for a run's image all that is known. */
import { join } from 'node:path';
import type { JobSources } from '../core/job.ts';
import type { RunFacts } from '../core/item-record.ts';
import { marksOf } from '../deliver/finish-item.ts';
import type { OutputFacts } from '../deliver/output-name.ts';
import { targetOf } from '../drive/delivery.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { Store, WaitingSource } from '../store/store.ts';
import type { JobSource } from './job-work.ts';
import { readFileSource, readMaster, type SourceBytes } from './read-source.ts';

export interface SourceReader {
  read(waiting: WaitingSource): Promise<ReadSource>;
}

export type ReadSource =
  | {
      readonly kind: 'read';
      readonly source: JobSource;
      /** What its new files may be named after. */
      readonly image?: NonNullable<OutputFacts['image']>;
    }
  | Extract<SourceBytes, { kind: 'unreadable' }>;

export interface SourceReaderDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly homeFiles: HomeFiles;
}

export async function openSources(
  { store, blobs, homeFiles }: SourceReaderDeps,
  sources: JobSources,
): Promise<SourceReader> {
  if (sources.kind === 'files') {
    return {
      read: async (waiting) => {
        await homeFiles.bring(join(sources.base, waiting.source));
        return withBytes(waiting, await readFileSource(sources.base, waiting));
      },
    };
  }
  const run = await store.findRun(sources.runId);
  if (run === undefined) {
    const reason = `Run ${sources.runId} is not in the store any more.`;
    return { read: async () => ({ kind: 'unreadable', reason }) };
  }
  const { facts, rows } = targetOf(run);
  return {
    read: async (waiting) => {
      const image = await imageOf(store, waiting, facts, rows);
      if (image === undefined) return { kind: 'unreadable', reason: 'It is no longer in the run.' };
      return withBytes(waiting, await readMaster(blobs, waiting), image);
    },
  };
}

async function imageOf(
  store: Store,
  { source }: WaitingSource,
  run: RunFacts,
  rows: number,
): Promise<NonNullable<OutputFacts['image']> | undefined> {
  const record = await store.record(source);
  return record === undefined ? undefined : { record, run, rows };
}

function withBytes(
  { source, name, number }: WaitingSource,
  read: SourceBytes,
  image?: NonNullable<OutputFacts['image']>,
): ReadSource {
  if (read.kind === 'unreadable') return read;
  const { bytes, version } = read;
  const known = { key: source, name, number, version, bytes };
  if (image === undefined) return { kind: 'read', source: known };
  const { record, run } = image;
  return { kind: 'read', source: { ...known, item: record, marks: marksOf(record, run) }, image };
}
