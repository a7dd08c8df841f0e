/** The picture of an item, as the store or the run's out folder has it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ORIGINAL_OUTPUT } from '../core/finishing.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { HomeFiles } from '../store/home-files.ts';
import type { Store } from '../store/store.ts';

export interface StoredImage {
  readonly record: ItemRecord;
  readonly bytes: number;
  /** SHA-256 of the master, hex; of a finished file it is not known. */
  readonly hash?: string;
  /** Where it lies on this machine's disk, where there is such a place. */
  readonly path?: string;
  /** Of the master, when it has no path. Throws `StorageError`. */
  read(): Promise<Uint8Array>;
}

export interface StoredImageDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly homeFiles: HomeFiles;
}

/**
 * The master (no `output`), or a finished file: `main` for the item's own, else the recipe's name of it.
 * `undefined`: the run has no such item, or the item no such picture.
 */
export async function storedImage(
  { store, blobs, homeFiles }: StoredImageDeps,
  runId: string,
  itemId: string,
  output?: string,
): Promise<StoredImage | undefined> {
  const record = await store.record(itemId, runId);
  if (record === undefined) return undefined;
  if (output === undefined || (output === ORIGINAL_OUTPUT && record.image !== undefined)) {
    return master(blobs, record);
  }
  const file =
    output === 'main'
      ? record.file
      : record.moreFiles?.find((each) => each.output === output)?.file;
  const run = file === undefined ? undefined : await store.findRun(runId);
  if (file === undefined || run === undefined) return undefined;
  const path = join(run.out, file);
  await homeFiles.bring(path);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile() !== true) return undefined;
  return { record, bytes: facts.size, path, read: () => readFile(path) };
}

function master(blobs: BlobStore, record: ItemRecord): StoredImage | undefined {
  const { image } = record;
  if (image === undefined) return undefined;
  const path = blobs.path?.(image.hash);
  return {
    record,
    bytes: image.bytes,
    hash: image.hash,
    ...(path !== undefined && { path }),
    read: () => blobs.get(image.hash),
  };
}
