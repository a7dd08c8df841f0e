import { assert } from '../core/errors.ts';

/** A decoded bitmap, rows from the top, 3 bytes a pixel, or 4 with alpha. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly pixels: Uint8Array;
}

/** The header's facts, without a look at the pixels. */
export interface BitmapHead {
  readonly width: number;
  readonly height: number;
  readonly alpha: boolean;
}

interface Layout extends BitmapHead {
  readonly topDown: boolean;
  readonly bits: number;
  readonly pixelsAt: number;
  readonly stride: number;
  readonly palette: Uint8Array;
  /** Shifts of red, green, blue and alpha of a 32-bit pixel; alpha `undefined`: there is none. */
  readonly shifts: readonly [red: number, green: number, blue: number, alpha: number | undefined];
}

const FILE_HEADER = 14;
const UNCOMPRESSED = 0;
const BITFIELDS = 3;

/** The head of a BMP file, or `undefined` when it is of a kind that is not read here, or cut off. */
export function bitmapHead(bytes: Uint8Array): BitmapHead | undefined {
  return layoutOf(bytes);
}

/**
 * Decodes a BMP file: 1, 4, 8, 24 and 32 bits, not compressed, which is what programs write. (The
 * picture library that is used for everything else cannot read BMP.) Ask `bitmapHead` first.
 */
export function readBitmap(bytes: Uint8Array): Bitmap {
  const layout = layoutOf(bytes);
  assert(layout, 'a bitmap was looked at before it is read');
  const { width, height, bits } = layout;
  const channels = layout.alpha ? 4 : 3;
  const pixels = new Uint8Array(width * height * channels);
  const readLine = bits <= 8 ? readPaletteLine : bits === 24 ? readLine24 : readLine32;
  for (let y = 0; y < height; y += 1) {
    const line = layout.topDown ? y : height - 1 - y;
    const from = bytes.subarray(layout.pixelsAt + line * layout.stride);
    readLine(from, pixels.subarray(y * width * channels), layout);
  }
  return { width, height, channels, pixels };
}

function layoutOf(bytes: Uint8Array): Layout | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER + 40) return undefined;
  const headerLength = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  const isPlain = compression === UNCOMPRESSED || (compression === BITFIELDS && bits === 32);
  if (headerLength < 40 || width <= 0 || height === 0 || !isPlain) return undefined;
  if (![1, 4, 8, 24, 32].includes(bits)) return undefined;
  const pixelsAt = view.getUint32(10, true);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (pixelsAt + stride * height > bytes.length) return undefined;
  const shifts = bits === 32 ? shiftsOf(view, headerLength, compression) : undefined;
  if (bits === 32 && shifts === undefined) return undefined;
  return {
    width,
    height,
    alpha: shifts?.[3] !== undefined,
    topDown: signedHeight < 0,
    bits,
    pixelsAt,
    stride,
    palette: bytes.subarray(FILE_HEADER + headerLength, pixelsAt),
    shifts: shifts ?? [16, 8, 0, undefined],
  };
}

/** Without masks the fourth byte means nothing: programs leave 0 there. */
function shiftsOf(
  view: DataView,
  headerLength: number,
  compression: number,
): Layout['shifts'] | undefined {
  if (compression === UNCOMPRESSED) return [16, 8, 0, undefined];
  const masksEnd = FILE_HEADER + 40 + (headerLength >= 56 ? 16 : 12);
  if (masksEnd > view.byteLength) return undefined;
  const [red, green, blue] = [54, 58, 62].map((at) => shiftOf(view.getUint32(at, true)));
  const alpha = headerLength >= 56 ? shiftOf(view.getUint32(66, true)) : undefined;
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [red, green, blue, alpha];
}

/** Of a mask that covers one whole byte. */
function shiftOf(mask: number): number | undefined {
  return [0, 8, 16, 24].find((shift) => (0xff << shift) >>> 0 === mask);
}

function readPaletteLine(from: Uint8Array, to: Uint8Array, { width, bits, palette }: Layout): void {
  const mask = (1 << bits) - 1;
  for (let x = 0; x < width; x += 1) {
    const bit = x * bits;
    const index = ((from[bit >> 3] ?? 0) >> (8 - bits - (bit & 7))) & mask;
    for (let channel = 0; channel < 3; channel += 1) {
      to[x * 3 + channel] = palette[index * 4 + 2 - channel] ?? 0;
    }
  }
}

function readLine24(from: Uint8Array, to: Uint8Array, { width }: Layout): void {
  for (let x = 0; x < width; x += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      to[x * 3 + channel] = from[x * 3 + 2 - channel] ?? 0;
    }
  }
}

function readLine32(from: Uint8Array, to: Uint8Array, { width, shifts, alpha }: Layout): void {
  const channels = alpha ? 4 : 3;
  for (let x = 0; x < width; x += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      // A shift of 8 bits is a step of one byte: the file is little-endian.
      to[x * channels + channel] = from[x * 4 + (shifts[channel] ?? 0) / 8] ?? 0;
    }
  }
}
