import type { Problem } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { checkOutFolder } from '../deliver/check-out-folder.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Free space that must be left in the store before anything is paid. */
export const LEAST_FREE_BYTES = 256 * 1024 * 1024;
/** What an image takes at most on the way to the out folder. */
const BYTES_PER_IMAGE = 4 * 1024 * 1024;

/** Share of that which lossy files take. */
const LOSSY_SHARE = 0.25;

/** Everything that would keep a run from storing or delivering, found before a credit is spent. */
export async function checkStorage(
  store: { readonly home: string; readonly blobs: BlobStore },
  out: string,
  items: number,
  recipe?: Recipe,
): Promise<Problem[]> {
  const neededBytes = items * bytesPerImage(recipe);
  const problems = await checkOutFolder(out, { neededBytes });
  if ((await store.blobs.freeBytes()) >= LEAST_FREE_BYTES) return problems;
  const nearlyFull: Problem = {
    value: store.home,
    message: 'The disk of the store is nearly full',
    remedy: 'Free some space there, or choose another folder with --home.',
  };
  return [...problems, nearlyFull];
}

function bytesPerImage(recipe: Recipe | undefined): number {
  if (recipe === undefined) return BYTES_PER_IMAGE;
  const files = recipe.outputs.map(({ steps }) => {
    const upscale = steps.find((step) => step.kind === 'upscale');
    const encode = steps.find((step) => step.kind === 'encode');
    if (encode?.mostBytes !== undefined) return encode.mostBytes;
    const isLossy = encode !== undefined && encode.format !== 'png' && encode.lossless !== true;
    return BYTES_PER_IMAGE * (upscale?.factor ?? 1) ** 2 * (isLossy ? LOSSY_SHARE : 1);
  });
  return files.reduce((sum, bytes) => sum + bytes, 0);
}
