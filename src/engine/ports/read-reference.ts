import { readFile, stat } from 'node:fs/promises';
import { statSync, openSync, readSync, closeSync } from 'node:fs';
import type { Reference } from '../vendors/vendor.ts';

/** Largest reference that is read at all: far above what any vendor takes. */
const LARGEST_BYTES = 100 * 1024 * 1024;

/** A reference of a row as a lane takes it: an address as it is, a file as its bytes. */
export async function readReference(reference: string): Promise<Reference> {
  if (/^https?:\/\//i.test(reference)) return { kind: 'url', url: reference };
  const { size } = await stat(reference);
  if (size > LARGEST_BYTES) throw new Error(`The reference ${reference} is too large to be sent.`);
  const bytes = await readFile(reference);
  return { kind: 'bytes', bytes, mediaType: mediaTypeOf(bytes) ?? 'application/octet-stream' };
}

/** Size and kind of a reference on disk, for the plan; `undefined` when it cannot be read. */
export function referenceFacts(
  path: string,
): { readonly bytes: number; readonly mediaType: string } | undefined {
  try {
    const head = Buffer.alloc(16);
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
    const mediaType = mediaTypeOf(head);
    return mediaType === undefined ? undefined : { bytes: statSync(path).size, mediaType };
  } catch {
    return undefined;
  }
}

/** By the first bytes of the file; a name may lie. */
function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength));
  if (head.subarray(0, 4).toString('latin1') === '\u0089PNG') return 'image/png';
  if (head[0] === 0xff && head[1] === 0xd8) return 'image/jpeg';
  const riff = head.subarray(0, 4).toString('latin1') === 'RIFF';
  if (riff && head.subarray(8, 12).toString('latin1') === 'WEBP') return 'image/webp';
  if (head.subarray(0, 3).toString('latin1') === 'GIF') return 'image/gif';
  const brand = head.subarray(4, 12).toString('latin1');
  if (brand === 'ftypavif') return 'image/avif';
  if (brand === 'ftypheic' || brand === 'ftypheix' || brand === 'ftypmif1') return 'image/heic';
  if (head.subarray(0, 2).toString('latin1') === 'BM') return 'image/bmp';
  const tiff = head.subarray(0, 4).toString('latin1');
  return tiff === 'II*\0' || tiff === 'MM\0*' ? 'image/tiff' : undefined;
}
