import type { Problem } from '../core/errors.ts';
import { checkOutFolder } from '../deliver/check-out-folder.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Free space that must be left in the store before anything is paid. */
export const LEAST_FREE_BYTES = 256 * 1024 * 1024;
/** What an image takes at most on the way to the out folder. */
const BYTES_PER_IMAGE = 4 * 1024 * 1024;

/** Everything that would keep a run from storing or delivering, found before a credit is spent. */
export async function checkStorage(
  store: { readonly home: string; readonly blobs: BlobStore },
  out: string,
  items: number,
): Promise<Problem[]> {
  const problems = await checkOutFolder(out, { neededBytes: items * BYTES_PER_IMAGE });
  if ((await store.blobs.freeBytes()) >= LEAST_FREE_BYTES) return problems;
  const nearlyFull: Problem = {
    value: store.home,
    message: 'The disk of the store is nearly full',
    remedy: 'Free some space there, or choose another folder with --home.',
  };
  return [...problems, nearlyFull];
}
