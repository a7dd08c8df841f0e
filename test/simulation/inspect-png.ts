import { hash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { colourSignature } from '../../src/engine/finish/check/colour-signature.ts';
import { fingerprintOf } from '../../src/engine/finish/check/fingerprint.ts';
import type { Inspection } from '../../src/engine/finish/check/image-inspector.ts';

/** Side of the square that fingerprint and signature are taken from: smaller than the engine's own. */
const LOOK_SIDE = 36;

/** What is known of pixels that were looked at, by their hash: simulators paint many pictures on the same. */
interface Pixels {
  readonly blank: boolean;
  /** Variance of the Laplacian over the shades (places in the palette). */
  readonly variance: number;
  /** Mean shades of a square of `LOOK_SIDE`. */
  readonly look: readonly number[];
}
const known = new Map<string, Pixels>();

/**
 * Looks at a simulator's PNG at once, without a worker thread: real decoding is not repeatable on a
 * virtual clock. Everything is measured as the engine does it, on the shades of a picture and its palette,
 * since simulators paint with palettes that are even slopes.
 */
export function inspectPng(bytes: Uint8Array): Inspection {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.subarray(1, 4).toString('latin1') !== 'PNG') return { kind: 'broken', reason: 'no PNG' };
  const packed = chunk(file, 'IDAT');
  const palette = chunk(file, 'PLTE');
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const { blank, variance, look } = lookAt(packed, width, height);
  const colours = Uint8Array.from(look.flatMap((shade) => colourOf(palette, shade)));
  return {
    kind: 'image',
    width,
    height,
    format: 'png',
    blank,
    measures: {
      detail: variance * lumaStep(palette) ** 2,
      fingerprint: fingerprintOf(colours, LOOK_SIDE),
      signature: colourSignature(colours, LOOK_SIDE),
    },
  };
}

/** The colour of a shade, which may lie between two places of the palette. */
function colourOf(palette: Buffer, shade: number): number[] {
  const at = Math.round(shade) * 3;
  return [0, 1, 2].map((channel) => palette[at + channel] ?? 0);
}

function chunk(file: Buffer, type: string): Buffer {
  const found: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const length = file.readUInt32BE(at);
    if (file.subarray(at + 4, at + 8).toString('latin1') !== type) continue;
    found.push(file.subarray(at + 8, at + 8 + length));
  }
  return Buffer.concat(found);
}

/** Luma from one shade to the next. */
function lumaStep(palette: Buffer): number {
  const luma = (at: number) =>
    0.299 * (palette[at] ?? 0) + 0.587 * (palette[at + 1] ?? 0) + 0.114 * (palette[at + 2] ?? 0);
  const shades = palette.length / 3;
  return shades < 2 ? 0 : (luma(palette.length - 3) - luma(0)) / (shades - 1);
}

function lookAt(packed: Buffer, width: number, height: number): Pixels {
  const key = hash('sha256', packed);
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const raw = inflateSync(packed);
  const pixels = {
    blank: isBlank(raw),
    variance: varianceOf(raw, width, height),
    look: squeezed(raw, width, height),
  };
  known.set(key, pixels);
  return pixels;
}

/** A line is a filter byte and a shade a pixel; simulators filter nothing. */
function varianceOf(raw: Buffer, width: number, height: number): number {
  const line = width + 1;
  const count = (width - 2) * (height - 2);
  let [sum, squares] = [0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * line + 2; at < y * line + width; at += 1) {
      const around = raw[at - line]! + raw[at + line]! + raw[at - 1]! + raw[at + 1]!;
      const value = around - 4 * raw[at]!;
      sum += value;
      squares += value * value;
    }
  }
  return squares / count - (sum / count) ** 2;
}

function squeezed(raw: Buffer, width: number, height: number): number[] {
  const sums = new Float64Array(LOOK_SIDE * LOOK_SIDE);
  const counts = new Uint32Array(LOOK_SIDE * LOOK_SIDE);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y * LOOK_SIDE) / height) * LOOK_SIDE;
    for (let x = 0; x < width; x += 1) {
      const cell = row + Math.floor((x * LOOK_SIDE) / width);
      sums[cell]! += raw[y * (width + 1) + 1 + x]!;
      counts[cell]! += 1;
    }
  }
  return Array.from(sums, (sum, cell) => sum / Math.max(1, counts[cell]!));
}

/** One colour only: every line is the same but for its filter byte, and so is every byte of it. */
function isBlank(raw: Buffer): boolean {
  const values = new Set<number>();
  for (let at = 0; at < raw.length; at += 97) values.add(raw[at]!);
  return values.size <= 4;
}
