import sharp from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import { IMAGE_FORMATS } from '../core/quality.ts';
import type { ImageFormat } from '../core/quality.ts';
import type { Inspection } from './image-inspector.ts';

/** No model makes more; a file that claims more would only eat the memory. */
export const MOST_PIXELS = 100_000_000;
/** The picture is judged at this size: noise of single pixels is gone, every shape is still there. */
const LOOK_SIDE = 128;
/**
 * Standard deviation (of 255) below which a channel counts as flat. Dithering and JPEG noise of a flat
 * area stay below 1; a faint gradient over a whole picture has more than 2.
 */
const FLAT_DEVIATION = 1.2;
/** A flat picture with a small mark on it is no blank one: the mark makes a difference this large. */
const FLAT_RANGE = 12;

/**
 * Decodes every pixel of a PNG, JPEG or WebP and tells its size, format, and whether it is blank. What
 * cannot be decoded whole comes back as `broken` with the decoder's words. Runs off the main thread.
 */
export async function inspectImage(bytes: Uint8Array): Promise<Inspection> {
  if (bytes.length === 0) return { kind: 'broken', reason: 'no bytes' };
  try {
    const options = { failOn: 'error', limitInputPixels: MOST_PIXELS } as const;
    const metadata = await sharp(bytes, options).metadata();
    const format = knownFormat(metadata.format);
    if (format === undefined) {
      return {
        kind: 'broken',
        reason: `${metadata.format} instead of ${IMAGE_FORMATS.join(', ')}`,
      };
    }
    const { width, height } = metadata.autoOrient;
    return { kind: 'image', width, height, format, blank: await isBlank(bytes, format, options) };
  } catch (error) {
    return { kind: 'broken', reason: firstLine(error) };
  }
}

async function isBlank(
  bytes: Uint8Array,
  format: ImageFormat,
  options: SharpOptions,
): Promise<boolean> {
  const whole = sharp(bytes, options).flatten({ background: '#808080' }).toColourspace('srgb');
  const { data, info } = await shrunk(format === 'png' ? whole : await allPixels(whole));
  const channels = Array.from({ length: info.channels }, (_, channel) =>
    spreadOf(data, channel, info.channels),
  );
  return channels.every(({ deviation, range }) => deviation < FLAT_DEVIATION && range < FLAT_RANGE);
}

/** JPEG and WebP can be shrunk while they are read, which skips pixels and misses a cut file. */
async function allPixels(picture: Sharp): Promise<Sharp> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: info });
}

function shrunk(picture: Sharp) {
  return picture
    .resize(LOOK_SIDE, LOOK_SIDE, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer({ resolveWithObject: true });
}

function spreadOf(
  data: Uint8Array,
  channel: number,
  channels: number,
): { deviation: number; range: number } {
  let [sum, squares, least, most, count] = [0, 0, 255, 0, 0];
  for (let at = channel; at < data.length; at += channels) {
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

/** The formats we deliver, by sharp's name for them. */
export function knownFormat(name: string | undefined): ImageFormat | undefined {
  return IMAGE_FORMATS.find((format) => format === name);
}

function firstLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 200);
}
