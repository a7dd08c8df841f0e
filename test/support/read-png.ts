import { inflateSync } from 'node:zlib';

/** Pixels as they stand in a PNG file, and what its header says of them. */
export interface PngPixels {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly channels: number;
  /** The channels of one pixel. */
  readonly at: (x: number, y: number) => readonly number[];
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/**
 * Decodes a PNG of 8 bits a channel by its specification (ISO 15948), with nothing of the library that
 * writes ours: no interlacing, no palette.
 */
export function readPng(bytes: Uint8Array): PngPixels {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const [bitDepth, colourType, interlace] = [file[24]!, file[25]!, file[28]!];
  const channels = CHANNELS[colourType];
  if (channels === undefined || bitDepth !== 8 || interlace !== 0) {
    throw new Error(`cannot read a PNG of ${bitDepth} bits and colour type ${colourType}`);
  }
  const packed: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    packed.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const pixels = unfilter(inflateSync(Buffer.concat(packed)), width, height, channels);
  const at = (x: number, y: number) => {
    const from = (y * width + x) * channels;
    return [...pixels.subarray(from, from + channels)];
  };
  return { width, height, bitDepth, channels, at };
}

function unfilter(raw: Buffer, width: number, height: number, channels: number): Uint8Array {
  const stride = width * channels;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x += 1) {
      const here = y * stride + x;
      const left = x < channels ? 0 : pixels[here - channels]!;
      const above = y === 0 ? 0 : pixels[here - stride]!;
      const corner = x < channels || y === 0 ? 0 : pixels[here - stride - channels]!;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!;
      pixels[here] = raw[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return pixels;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  if (a! <= b! && a! <= c!) return left;
  return b! <= c! ? above : corner;
}
