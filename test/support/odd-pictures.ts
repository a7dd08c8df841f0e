/** Files that programs and cameras write and that lead astray: animated, deep, turned, or mere claims. */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A chunk with its length and a checksum that is right. */
export function pngChunk(kind: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(kind, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** The header and its checksum end here, and other chunks may follow. */
const AFTER_HEADER = 33;

export function withChunk(png: Uint8Array, kind: string, data: Uint8Array): Buffer {
  const [head, rest] = [png.subarray(0, AFTER_HEADER), png.subarray(AFTER_HEADER)];
  return Buffer.concat([head, pngChunk(kind, data), rest]);
}

/** Some hundred bytes that claim to be an RGBA picture of this size. */
export function pngBomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Red, green and blue frames of 32x24. */
export async function animated(format: 'gif' | 'webp' | 'tiff'): Promise<Buffer> {
  const frames = ['#ff0000', '#00ff00', '#0000ff'].map((background) =>
    sharp({ create: { width: 32, height: 24, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return await sharp(await Promise.all(frames), { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}

export const CORNERS = {
  topLeft: [200, 40, 40],
  topRight: [40, 180, 60],
  bottomLeft: [50, 70, 200],
  bottomRight: [220, 200, 60],
} as const;

/** 60x40, each quarter of a colour of its own, so that turning and mirroring show. */
export function quarters(): Buffer {
  const pixels = Buffer.alloc(60 * 40 * 3);
  for (let y = 0; y < 40; y += 1) {
    for (let x = 0; x < 60; x += 1) {
      const [left, right] =
        y < 20 ? [CORNERS.topLeft, CORNERS.topRight] : [CORNERS.bottomLeft, CORNERS.bottomRight];
      pixels.set(x < 30 ? left : right, (y * 60 + x) * 3);
    }
  }
  return pixels;
}

/**
 * The quarters as a camera would have stored them that was held so (EXIF orientation 1 to 8): a viewer
 * that heeds it shows `quarters()`.
 */
export async function storedTurned(orientation: number): Promise<Buffer> {
  const [wide, high] = [60 - 1, 40 - 1];
  // Which sides the first row and the first column of the file are of (EXIF 2.32, table 6).
  const shownAt = [
    (x: number, y: number) => [x, y],
    (x: number, y: number) => [wide - x, y],
    (x: number, y: number) => [wide - x, high - y],
    (x: number, y: number) => [x, high - y],
    (x: number, y: number) => [y, x],
    (x: number, y: number) => [wide - y, x],
    (x: number, y: number) => [wide - y, high - x],
    (x: number, y: number) => [y, high - x],
  ][orientation - 1]!;
  const [width, height] = orientation > 4 ? [40, 60] : [60, 40];
  const shown = quarters();
  const stored = Buffer.alloc(shown.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [left, top] = shownAt(x, y);
      const from = (top! * 60 + left!) * 3;
      stored.set(shown.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return await sharp(stored, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** A JPEG whose head claims another size (SOF0: marker, length, depth, height, width). */
export async function jpegBomb(width: number, height: number): Promise<Buffer> {
  const pixels = { create: { width: 64, height: 64, channels: 3, background: '#336699' } } as const;
  const file = await sharp(pixels).jpeg().toBuffer();
  const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
  file.writeUInt16BE(height, frame + 5);
  file.writeUInt16BE(width, frame + 7);
  return file;
}
