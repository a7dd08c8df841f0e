import sharp from 'sharp';
import type { OutputInfo, Sharp, SharpOptions } from 'sharp';
import { giveBack } from '../../core/give-back.ts';
import { mediaTypeOf } from '../../core/media-type.ts';
import type { PictureMeasures } from '../../core/picture-measures.ts';
import { IMAGE_FORMATS } from '../../core/quality.ts';
import type { ImageFormat } from '../../core/quality.ts';
import type { Size } from '../../core/size.ts';
import { THUMBNAIL_KERNEL, THUMBNAIL_QUALITY } from '../../core/thumbnail.ts';
import { colourSignature } from './colour-signature.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Inspection } from './image-inspector.ts';
import { measureDetail } from './measure-detail.ts';

/** No model makes more; a file that claims more would only eat the memory. */
export const MOST_PIXELS = 100_000_000;
/** The picture is judged at this size: noise of single pixels is gone, every shape is still there. */
const LOOK_SIDE = 128;
const CHANNELS = 3;
/**
 * Standard deviation (of 255) below which a channel counts as flat. Dithering and JPEG noise of a flat
 * area stay below 1; a faint gradient over a whole picture has more than 2.
 */
const FLAT_DEVIATION = 1.2;
/** A flat picture with a small mark on it is no blank one: the mark makes a difference this large. */
const FLAT_RANGE = 12;

/**
 * Decodes every pixel of a PNG, JPEG or WebP, once, and tells its size, format, whether it is blank, and
 * what is measured of it. What cannot be decoded whole comes back as `broken` with the decoder's words.
 * Takes milliseconds of the calling thread: `workers/picture-pool.ts` calls it in others.
 */
export async function inspectImage(bytes: Uint8Array, thumbnailSide?: number): Promise<Inspection> {
  if (bytes.length === 0) return { kind: 'broken', reason: 'no bytes' };
  try {
    const options = { failOn: 'error', limitInputPixels: MOST_PIXELS } as const;
    const format = formatOf(bytes);
    if (format === undefined) return { kind: 'broken', reason: await whatElse(bytes, options) };
    return { kind: 'image', format, ...(await lookAt(bytes, options, thumbnailSide)) };
  } catch (error) {
    return { kind: 'broken', reason: firstLine(error) };
  }
}

/** By its first bytes, as the decoder chooses as well: its head is not read a second time for it. */
function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  const mediaType = mediaTypeOf(bytes);
  return IMAGE_FORMATS.find((format) => mediaType === `image/${format}`);
}

async function whatElse(bytes: Uint8Array, options: SharpOptions): Promise<string> {
  const { format } = await sharp(bytes, options).metadata();
  return `${format} instead of ${IMAGE_FORMATS.join(', ')}`;
}

/** Of the upright picture. */
export interface Look extends Size {
  readonly blank: boolean;
  readonly measures: PictureMeasures;
  readonly thumbnail?: Uint8Array;
}

/**
 * Whether a picture is blank, its measures, and its thumbnail where a side of it is given. All pixels are
 * decoded as they are, once: a decoder that shrinks while it reads misses a cut file. Rejects with the
 * decoder's words.
 */
export async function lookAt(
  bytes: Uint8Array,
  options: SharpOptions,
  thumbnailSide?: number,
): Promise<Look> {
  const { data, info } = await pixelsOf(sharp(bytes, options).autoOrient());
  if (info.channels === CHANNELS) return await lookAtPixels(data, info, thumbnailSide);
  giveBack(data);
  // What is clear is seen on grey; a thumbnail is made where it can stay clear.
  const opaque = sharp(bytes, options).autoOrient().flatten({ background: '#808080' });
  const seen = await pixelsOf(opaque);
  return await lookAtPixels(seen.data, seen.info, undefined);
}

async function pixelsOf(picture: Sharp): Promise<{ data: Buffer; info: OutputInfo }> {
  return await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
}

/** The pixels are gone afterwards. */
async function lookAtPixels(
  data: Buffer,
  info: OutputInfo,
  thumbnailSide: number | undefined,
): Promise<Look> {
  try {
    const { width, height } = info;
    const small = await sharp(data, { raw: info })
      .resize(LOOK_SIDE, LOOK_SIDE, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    const thumbnail =
      thumbnailSide && (await thumbnailOf(sharp(data, { raw: info }), thumbnailSide));
    return {
      width,
      height,
      blank: isBlank(small),
      measures: {
        detail: measureDetail(data, info),
        fingerprint: fingerprintOf(small, LOOK_SIDE),
        signature: colourSignature(small, LOOK_SIDE),
      },
      ...(thumbnail && { thumbnail }),
    };
  } finally {
    giveBack(data);
  }
}

async function thumbnailOf(picture: Sharp, side: number): Promise<Uint8Array> {
  return await picture
    .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: THUMBNAIL_KERNEL })
    .webp(THUMBNAIL_QUALITY)
    .toBuffer();
}

function isBlank(small: Uint8Array): boolean {
  const channels = Array.from({ length: CHANNELS }, (_, channel) => spreadOf(small, channel));
  return channels.every(({ deviation, range }) => deviation < FLAT_DEVIATION && range < FLAT_RANGE);
}

function spreadOf(data: Uint8Array, channel: number): { deviation: number; range: number } {
  let [sum, squares, least, most, count] = [0, 0, 255, 0, 0];
  for (let at = channel; at < data.length; at += CHANNELS) {
    const value = data[at]!;
    sum += value;
    squares += value * value;
    if (value < least) least = value;
    if (value > most) most = value;
    count += 1;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { deviation, range: most - least };
}

/** What a decoder says, without its stack of warnings. */
export function firstLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 200);
}
