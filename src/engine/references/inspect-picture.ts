import { createHash } from 'node:crypto';
import type { Metadata } from 'sharp';
import { mediaTypeOf, type PictureType } from '../core/media-type.ts';
import type { MasterFacts, ReferenceFinding } from '../core/reference.ts';
import { readWhole } from './read-whole.ts';
import { MOST_PIXELS, openPicture } from './open-picture.ts';
import { bitmapHead } from './read-bitmap.ts';

/**
 * The facts of a picture's bytes, or why it cannot be used. A picture that is cut off is told apart from
 * a whole one, so that nobody finds out at the vendor's. Runs off the main thread but for the hash.
 */
export async function inspectPicture(bytes: Uint8Array): Promise<ReferenceFinding> {
  const mediaType = mediaTypeOf(bytes);
  if (mediaType === undefined) {
    return problem(
      'This is not an image',
      'Use a PNG, JPEG, WebP, GIF, AVIF, TIFF or BMP picture.',
    );
  }
  const facts = { hash: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  if (mediaType === 'image/bmp') return inspectBitmap(bytes, facts);
  try {
    const metadata = await openPicture(bytes).metadata();
    if (metadata.width * metadata.height > MOST_PIXELS) return tooManyPixels();
    if (!hasItsEnd(bytes, mediaType)) await readWhole(openPicture(bytes));
    return { kind: 'picture', facts: { ...facts, ...factsOf(metadata, mediaType) } };
  } catch (error) {
    // Patents keep the decoder of HEIC out of the picture library.
    if (mediaType === 'image/heic') {
      return problem('HEIC pictures cannot be read here', 'Save it as JPEG, PNG or AVIF.');
    }
    return problem(
      `The image is broken or cut off (${firstLine(error)})`,
      'Open it in a viewer to see, and save or download it again.',
    );
  }
}

function factsOf(metadata: Metadata, mediaType: PictureType): Omit<MasterFacts, 'hash' | 'bytes'> {
  const { width, height } = metadata.autoOrient;
  const isTurned = (metadata.orientation ?? 1) > 1;
  const frames = metadata.pages ?? 1;
  const colours = coloursOf(metadata);
  return {
    // A HEIF file names itself in several ways; what could be read is AVIF.
    mediaType: mediaType === 'image/heic' ? 'image/avif' : mediaType,
    width,
    height,
    ...(isTurned && { turned: true }),
    ...(frames > 1 && { frames }),
    ...(metadata.hasAlpha && { alpha: true }),
    ...(colours !== undefined && { colours }),
  };
}

function coloursOf({ space, depth }: Metadata): MasterFacts['colours'] {
  if (space === 'cmyk') return 'cmyk';
  if (depth !== 'uchar') return 'deep';
  return space === 'srgb' || space === 'b-w' ? undefined : 'other';
}

function inspectBitmap(
  bytes: Uint8Array,
  facts: { readonly hash: string; readonly bytes: number },
): ReferenceFinding {
  const head = bitmapHead(bytes);
  if (head === undefined) {
    return problem('This BMP file is compressed or cut off', 'Save the picture as PNG or JPEG.');
  }
  const { width, height, alpha } = head;
  if (width * height > MOST_PIXELS) return tooManyPixels();
  const shown = { mediaType: 'image/bmp', width, height, ...(alpha && { alpha: true as const }) };
  return { kind: 'picture', facts: { ...facts, ...shown } };
}

/** Bytes after the end that are looked over: some programs fill a file up with a few. */
const TAIL = 64;

/** True when the file ends as its format does, so that nothing needs decoding to know that it is whole. */
function hasItsEnd(bytes: Uint8Array, mediaType: PictureType): boolean {
  const tail = Buffer.from(bytes.subarray(-TAIL)).toString('latin1');
  switch (mediaType) {
    case 'image/jpeg':
      return tail.includes('\xff\xd9');
    case 'image/png':
      return tail.includes('IEND\xae\x42\x60\x82');
    case 'image/webp':
      return Buffer.from(bytes.subarray(4, 8)).readUInt32LE() + 8 <= bytes.length;
    case 'image/gif':
      return tail.endsWith(';');
    default:
      return false;
  }
}

function tooManyPixels(): ReferenceFinding {
  return problem(
    `The image has more than ${MOST_PIXELS / 1_000_000} million pixels`,
    'Make a smaller copy of it.',
  );
}

function problem(message: string, remedy: string): ReferenceFinding {
  return { kind: 'problem', message, remedy };
}

function firstLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 120);
}
