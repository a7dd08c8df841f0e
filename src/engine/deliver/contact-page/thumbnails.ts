import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { StorageError } from '../../core/errors.ts';
import { THUMBNAIL_KERNEL, THUMBNAIL_QUALITY, THUMBNAIL_SIDE } from '../../core/thumbnail.ts';
import { openToRead } from '../../ports/open-file.ts';
import { codeOf, storing, writeUnflushed } from '../../ports/whole-file.ts';
import type { Masters } from '../masters.ts';

/** Larger pictures (40,000 x 40,000 of a folder) are told about instead of decoded. */
const MOST_PIXELS = 268_402_689;

export type Thumbnail =
  | { readonly kind: 'made' | 'there'; readonly file: string }
  /** There is none, and why. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Makes the thumbnail of a stored picture, a WebP named by the picture's hash and the thumbnail's side,
 * unless it is there whole. It is not flushed, since it can be made again: what a power cut leaves of it is
 * found by its length. Throws `StorageError` when it cannot be written.
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
  if (await isWhole(path)) return { kind: 'there', file };
  const small = masters.thumbnail?.(hash, side) ?? (await shrink(masters, hash, side));
  if (typeof small === 'string') return { kind: 'none', reason: small };
  await writeUnflushed(path, small);
  return { kind: 'made', file };
}

/** The bytes of a thumbnail that was made. */
export async function readThumbnail(folder: string, file: string): Promise<Uint8Array> {
  return await storing(join(folder, file), () => readFile(join(folder, file)));
}

/** Whether a WebP has the length that it says of itself (RIFF: what follows the first eight bytes). */
async function isWhole(path: string): Promise<boolean> {
  return await storing(path, async () => {
    try {
      await using file = await openToRead(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
      const isRiff = bytesRead === 8 && buffer.toString('latin1', 0, 4) === 'RIFF';
      return isRiff && buffer.readUInt32LE(4) + 8 === (await file.stat()).size;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  });
}

async function shrink(masters: Masters, hash: string, side: number): Promise<Buffer | string> {
  const master = await masterOf(masters, hash);
  if (typeof master === 'string') return master;
  try {
    return await sharp(master, { limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: THUMBNAIL_KERNEL })
      .toColourspace('srgb')
      .webp(THUMBNAIL_QUALITY)
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
