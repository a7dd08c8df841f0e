import type { KnownOrigin } from '../../core/file-report.ts';
import type { ImageMarks } from '../../core/finisher.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { Store } from '../../store/store.ts';

export interface KnowingStore {
  readonly store: Pick<Store, 'itemsOfImage' | 'findRun' | 'record'>;
  readonly blobs: Pick<BlobStore, 'has'>;
}

/** What the store knows of bytes: whose master they are, or of which item they say that they come. */
export async function originsInStore(
  { store, blobs }: KnowingStore,
  sha256: string,
  marks: ImageMarks | undefined,
): Promise<readonly KnownOrigin[]> {
  // Items are not sorted by their images: only bytes that are kept are worth a look through all.
  const masters = (await blobs.has(sha256)) ? await store.itemsOfImage(sha256) : [];
  const origins = masters.map(({ file, ...item }) => ({
    kind: 'master' as const,
    ...item,
    ...(file !== undefined && { file }),
  }));
  const { itemId, runId } = marks ?? {};
  if (itemId === undefined || runId === undefined) return origins;
  if (origins.some((origin) => origin.itemId === itemId)) return origins;
  const record = await store.record(itemId);
  if (record === undefined || (await store.findRun(runId)) === undefined) return origins;
  return [
    ...origins,
    {
      kind: 'item',
      runId,
      itemId,
      row: record.row.number,
      index: record.index,
      ...(record.file !== undefined && { file: record.file }),
    },
  ];
}
