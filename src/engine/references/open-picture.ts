import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { mediaTypeOf } from '../core/media-type.ts';
import { readBitmap } from './read-bitmap.ts';

/** 128 million pixels: the largest cameras make 102; what claims more would only eat the memory. */
export const MOST_PIXELS = 128_000_000;

const OPTIONS: SharpOptions = { failOn: 'error', limitInputPixels: MOST_PIXELS };

/** A decoder on the picture's first page, whatever its format. */
export function openPicture(bytes: Uint8Array): Sharp {
  if (mediaTypeOf(bytes) !== 'image/bmp') return sharp(bytes, OPTIONS);
  const { width, height, channels, pixels } = readBitmap(bytes);
  return sharp(pixels, { ...OPTIONS, raw: { width, height, channels } });
}
