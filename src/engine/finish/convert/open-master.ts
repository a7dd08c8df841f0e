import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { formatName, mediaTypeOf, type PictureType } from '../../core/media-type.ts';
import type { FileFormat } from '../../core/quality.ts';
import { formatSize, type Size } from '../../core/size.ts';
import { bitmapHead } from '../../references/read-bitmap.ts';
import { MOST_PIXELS } from '../check/check-image.ts';
import { countFrames, endsWhole } from './read-ends.ts';
import { decoderWords, UnusablePicture } from './unusable.ts';
import { readWhole } from '../../references/read-whole.ts';

/** A picture that was looked at and may be worked on. */
export interface Master extends Size {
  readonly bytes: Uint8Array;
  readonly mediaType: PictureType;
  /** Absent: it cannot be delivered as what it is, and becomes PNG. */
  readonly format?: FileFormat;
  /** Above 1: animated, or of several pages. */
  readonly frames: number;
  readonly isCmyk: boolean;
  /** More than 8 bits a channel, and a profile that says which colours they are. */
  readonly isDeepAndTagged: boolean;
}

/**
 * Warnings of the decoders count: JPEG has no checksums, and tells of damage by warnings only.
 */
export const READING: SharpOptions = { failOn: 'warning', limitInputPixels: MOST_PIXELS };

/**
 * Looks at a picture's head. Content decides what it is, never a name, and only kinds that are known are
 * handed to a decoder: drawings and documents (SVG, PDF) could load other files. A picture that claims
 * too many pixels is refused before any is decoded. Throws `UnusablePicture`.
 */
export async function openMaster(bytes: Uint8Array): Promise<Master> {
  const mediaType = mediaTypeOf(bytes);
  if (bytes.length === 0)
    throw new UnusablePicture('it is empty (0 bytes): make or fetch it again');
  if (mediaType === undefined) throw new UnusablePicture(notAPicture(bytes));
  if (mediaType === 'image/bmp') return openBitmap(bytes);
  const metadata = await readHead(bytes, mediaType);
  refuseTooLarge(metadata);
  if (!endsWhole(bytes, mediaType)) await decodeWhole(bytes);
  const format = fileFormatOf(metadata);
  return {
    bytes,
    mediaType,
    ...metadata.autoOrient,
    ...(format !== undefined && { format }),
    frames: Math.max(metadata.pages ?? 1, countFrames(bytes, mediaType)),
    isCmyk: metadata.space === 'cmyk',
    isDeepAndTagged: metadata.depth !== 'uchar' && metadata.hasProfile,
  };
}

/** sharp calls AVIF after its container. */
export function fileFormatOf({ format, compression }: Metadata): FileFormat | undefined {
  if (format === 'heif') return compression === 'av1' ? 'avif' : undefined;
  return format === 'png' || format === 'jpeg' || format === 'webp' ? format : undefined;
}

/** The head only: no pixel is decoded, and no memory taken for any. */
async function readHead(bytes: Uint8Array, mediaType: PictureType): Promise<Metadata> {
  try {
    return await sharp(bytes, { ...READING, limitInputPixels: false }).metadata();
  } catch (error) {
    if (mediaType === 'image/heic') {
      // Patents keep its decoder out of the picture library.
      throw new UnusablePicture('HEIC pictures cannot be read here: save it as JPEG, PNG or AVIF');
    }
    throw damaged(error);
  }
}

async function decodeWhole(bytes: Uint8Array): Promise<void> {
  try {
    await readWhole(sharp(bytes, READING));
  } catch (error) {
    throw damaged(error);
  }
}

export function damaged(error: unknown): UnusablePicture {
  return new UnusablePicture(
    `it is damaged or cut off (${decoderWords(error)}): make, save or download it again`,
  );
}

function openBitmap(bytes: Uint8Array): Master {
  const head = bitmapHead(bytes);
  if (head === undefined) {
    throw new UnusablePicture(
      'this BMP file is compressed or cut off: save the picture as PNG or JPEG',
    );
  }
  const { width, height } = head;
  refuseTooLarge(head);
  const plain = { frames: 1, isCmyk: false, isDeepAndTagged: false };
  return { bytes, mediaType: 'image/bmp', width, height, ...plain };
}

function refuseTooLarge(size: Size): void {
  if (size.width * size.height <= MOST_PIXELS) return;
  throw new UnusablePicture(
    `it claims ${formatSize(size)} pixels, and at most ${MOST_PIXELS / 1e6} million are read: make a smaller copy of it`,
  );
}

function notAPicture(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (head.startsWith('%PDF')) return 'it is a PDF document: save its picture as PNG or JPEG';
  if (/<svg[\s>]/i.test(head))
    return 'it is an SVG drawing, which is not rendered: export it as PNG';
  return 'it is no picture that is read here: use PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP';
}

/** Throws for pictures of which only a part would be finished. */
export function refuseSeveralFrames({ frames, mediaType }: Master): void {
  if (frames <= 1) return;
  const what =
    mediaType === 'image/tiff' || mediaType === 'image/heic'
      ? `it has ${frames} pages`
      : `it is an animated ${formatName(mediaType)} (${frames} frames)`;
  throw new UnusablePicture(
    `${what}, and only single pictures are finished: save the one you want`,
  );
}
