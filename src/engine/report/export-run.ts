import { basename } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { finishKey } from '../core/finishing.ts';
import type { Finisher } from '../core/finisher.ts';
import type { RunSettings } from '../core/settings.ts';
import { DEFAULT_SHARD_LIMITS, type ShardLimits } from '../deliver/export/dataset-writer.ts';
import { exportDataset } from '../deliver/export/export-dataset.ts';
import { type Exported, withoutFiles } from '../deliver/export/export-tally.ts';
import { exportZip } from '../deliver/export/export-zip.ts';
import type { ExportSource, ExportWatch } from '../deliver/export/finish-entries.ts';
import { isItem } from '../deliver/results-sheet.ts';
import { type Delivery, type DeliveryTarget, runEntries, targetOf } from '../drive/delivery.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { exportFolder } from './export-folder.ts';

export const EXPORT_KINDS = ['folder', 'zip', 'webdataset'] as const;
/** `webdataset`: tar shards with a Parquet index. */
export type ExportKind = (typeof EXPORT_KINDS)[number];

export interface ExportRequest {
  readonly as: ExportKind;
  /**
   * Absolute path. Default: the run's own folder; for an archive or a data set a free name beside it. A
   * folder that is there is filled up, file by file; nothing that is there is ever overwritten.
   */
  readonly out?: string;
  /** Instead of the run's own. With a name template the files get new names. */
  readonly change?: Partial<Pick<RunSettings, 'finish' | 'format' | 'marks' | 'nameTemplate'>>;
  /** Of a data set. */
  readonly shards?: Partial<ShardLimits>;
}

export interface ExportResult extends Exported {
  readonly as: ExportKind;
  /** Of a data set. */
  readonly shards?: number;
}

export interface ExportDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly finisher: Finisher;
  readonly delivery: Delivery;
}

/**
 * Writes everything of a run once more from what is stored, for nothing: into a folder, an archive or a
 * data set. What is new gets its name when all of it is whole and flushed. Throws `UsageError` when the
 * place is taken, `StorageError` when the disk fails, and the signal's reason when it is aborted.
 */
export async function exportRun(
  deps: ExportDeps,
  run: StoredRun,
  request: ExportRequest,
  watch: ExportWatch = {},
): Promise<ExportResult> {
  const { as } = request;
  const target = changedTarget(run, request);
  const renamed = request.change?.nameTemplate !== undefined;
  if (as === 'folder') {
    return { as, ...(await exportFolder(deps, { run, target, renamed }, watch)) };
  }
  const source = sourceOf(deps, run, target, renamed);
  const order = { path: target.outFolder, otherNames: request.out === undefined };
  if (as === 'zip') return { as, ...(await exportZip(source, order, watch)) };
  const name = shardsName(target.outFolder);
  const limits = { ...DEFAULT_SHARD_LIMITS, ...request.shards };
  return { as, ...(await exportDataset(source, { ...order, name, limits }, watch)) };
}

function changedTarget(run: StoredRun, { as, out, change = {} }: ExportRequest): DeliveryTarget {
  const target = targetOf(run, out ?? `${run.out}${DEFAULT_ENDINGS[as]}`);
  const settings = { ...target.settings, ...change };
  const differs =
    finishKey(settings) !== finishKey(target.settings) || change.nameTemplate !== undefined;
  if (as === 'folder' && target.outFolder === run.out && differs) {
    throw new UsageError(
      `${run.out} is the run's own folder, whose images are finished and named otherwise. Name another one with --out, or change the run itself: imagemill resume ${run.id} --finish …`,
    );
  }
  return { ...target, settings };
}

const DEFAULT_ENDINGS: Readonly<Record<ExportKind, string>> = {
  folder: '',
  zip: '.zip',
  webdataset: '-webdataset',
};

function sourceOf(
  { store, blobs, finisher }: ExportDeps,
  run: StoredRun,
  target: DeliveryTarget,
  renamed: boolean,
): ExportSource {
  const { facts, settings, columns, rows } = target;
  return {
    run: facts,
    settings,
    columns,
    rows,
    entries: () => (renamed ? unnamed(runEntries(store, run.id)) : runEntries(store, run.id)),
    masters: blobs,
    finisher,
  };
}

/** Without the names that the files have in the run's own folder. */
async function* unnamed(entries: ReturnType<typeof runEntries>): ReturnType<typeof runEntries> {
  for await (const entry of entries) yield isItem(entry) ? withoutFiles(entry) : entry;
}

/** Names of shards go into addresses and are expanded by shells. */
function shardsName(path: string): string {
  const name = basename(path)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'images' : name.slice(0, 60);
}
