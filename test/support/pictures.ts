import sharp from 'sharp';
import type { FileFormat } from '../../src/engine/core/quality.ts';

/** A picture with something on it: bands of colour whose hue depends on `seed`. */
export async function paintPicture(
  width = 64,
  height = 64,
  format: FileFormat = 'png',
  seed = 1,
): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      pixels[at] = (x * 255) / width;
      pixels[at + 1] = (y * 255) / height;
      pixels[at + 2] = (seed * 97 + ((x ^ y) & 63)) & 255;
    }
  }
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(format, format === 'avif' ? { effort: 0 } : {})
    .toBuffer();
}

/** A picture of one colour only. */
export async function paintFlat(
  colour: string,
  width = 64,
  height = 64,
  format: FileFormat = 'png',
): Promise<Buffer> {
  const create = { width, height, channels: 3 as const, background: colour };
  return await sharp({ create }).toFormat(format).toBuffer();
}

/** The decoded pixels, to compare two files by what they show. */
export async function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  return await sharp(bytes).raw().toBuffer();
}
