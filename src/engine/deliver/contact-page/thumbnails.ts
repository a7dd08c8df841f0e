import { join } from 'node:path';
import sharp from 'sharp';
import { StorageError } from '../../core/errors.ts';
import { isThere, writeNew } from '../../ports/whole-file.ts';
import type { Masters } from '../masters.ts';

/** Longest side in pixels: sharp at the page's usual tile of 220, and on fine screens nearly so. */
export const THUMBNAIL_SIDE = 360;
/** Effort above 2 takes twice the time for a few per cent of the bytes. */
const QUALITY = { quality: 74, effort: 2 } as const;
/** Larger pictures (40,000 x 40,000 of a folder) are told about instead of decoded. */
const MOST_PIXELS = 268_402_689;

export type Thumbnail =
  | { readonly kind: 'made' | 'there'; readonly file: string }
  /** There is none, and why. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Makes the thumbnail of a stored picture, a WebP named by the picture's hash and the thumbnail's side,
 * unless it is there. Throws `StorageError` when it cannot be written.
 *
 * @param folder where thumbnails lie; it must be there
 */
export async function makeThumbnail(
  masters: Masters,
  hash: string,
  folder: string,
  side: number = THUMBNAIL_SIDE,
): Promise<Thumbnail> {
  const file = `${hash}-${side}.webp`;
  const path = join(folder, file);
  if (await isThere(path)) return { kind: 'there', file };
  const small = await shrink(masters, hash, side);
  if (typeof small === 'string') return { kind: 'none', reason: small };
  // The same picture may have been on its way twice.
  return { kind: (await writeNew(path, small)) ? 'made' : 'there', file };
}

async function shrink(masters: Masters, hash: string, side: number): Promise<Buffer | string> {
  const master = await masterOf(masters, hash);
  if (typeof master === 'string') return master;
  try {
    return await sharp(master, { limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .webp(QUALITY)
      .toBuffer();
  } catch (error) {
    return `the picture cannot be shown: ${wordsOf(error)}`;
  }
}

async function masterOf(masters: Masters, hash: string): Promise<Uint8Array | string> {
  try {
    return await masters.get(hash);
  } catch (error) {
    // A page is made of what is there; the store reports what is not.
    if (error instanceof StorageError) return 'the picture is not in the store';
    throw error;
  }
}

/** sharp's words of bad bytes, on one line. */
function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
}
