import type { PictureType } from '../../core/media-type.ts';

/** Bytes after the end that are looked over: some programs fill a file up with a few. */
const TAIL_BYTES = 64;

/**
 * True when a file ends as its format does. A cut one must not pass as whole because a crop, or a
 * decoder that shrinks while it reads, has no use for what is missing.
 */
export function endsWhole(bytes: Uint8Array, mediaType: PictureType): boolean {
  const tail = Buffer.from(bytes.subarray(-TAIL_BYTES)).toString('latin1');
  switch (mediaType) {
    case 'image/jpeg':
      return tail.includes('\xff\xd9');
    case 'image/png':
      return tail.includes('IEND\xae\x42\x60\x82');
    case 'image/webp':
      return bytes.length >= 8 && viewOf(bytes).getUint32(4, true) + 8 <= bytes.length;
    case 'image/gif':
      return tail.includes(';');
    case 'image/avif':
    case 'image/heic':
      return boxesEndWhole(bytes);
    case 'image/tiff':
    case 'image/bmp':
      // TIFF may have its directory anywhere, and is always decoded; BMP was measured by its head.
      return true;
    default:
      return mediaType satisfies never;
  }
}

/** ISO 14496-12: boxes follow each other, each with its length first; 1: in 64 bits, 0: to the end. */
function boxesEndWhole(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = view.getUint32(at);
    if (short === 0) return true;
    if (short === 1 && at + 16 > bytes.length) return false;
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (length < 8) return false;
    at += length;
  }
  return at === bytes.length;
}

/**
 * Frames that the picture library does not count: it reads the first of an animated PNG (`acTL` before
 * the pixels) and of an AVIF sequence (brand `avis`, told as 2). 1 for any other.
 */
export function countFrames(bytes: Uint8Array, mediaType: PictureType): number {
  const view = viewOf(bytes);
  if (mediaType === 'image/avif') return view.getUint32(8) === AVIS ? 2 : 1;
  if (mediaType !== 'image/png') return 1;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const kind = view.getUint32(at + 4);
    if (kind === ACTL) return view.getUint32(at + 8);
    if (kind === IDAT) return 1;
  }
  return 1;
}

const AVIS = 0x61766973;
const ACTL = 0x6163544c;
const IDAT = 0x49444154;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
