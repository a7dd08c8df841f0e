import { hash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { Inspection } from '../../src/engine/finish/image-inspector.ts';

/** What is known of pixels that were looked at, by their hash: simulators paint many pictures on the same. */
interface Pixels {
  readonly blank: boolean;
  /** Variance of the Laplacian over the shades (places in the palette). */
  readonly variance: number;
}
const known = new Map<string, Pixels>();

/**
 * Looks at a simulator's PNG at once, without a worker thread: real decoding is not repeatable on a
 * virtual clock. Detail is measured like the engine does; fingerprint and signature tell apart what has
 * other pixels or colours, and nothing more.
 */
export function inspectPng(bytes: Uint8Array): Inspection {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.subarray(1, 4).toString('latin1') !== 'PNG') return { kind: 'broken', reason: 'no PNG' };
  const packed = chunk(file, 'IDAT');
  const palette = chunk(file, 'PLTE');
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const { blank, variance } = look(packed, width, height);
  const look128 = hash('sha512', Buffer.concat([packed, palette]));
  return {
    kind: 'image',
    width,
    height,
    format: 'png',
    blank,
    measures: {
      detail: variance * lumaStep(palette) ** 2,
      fingerprint: look128.slice(0, 32),
      signature: look128.slice(32, 128),
    },
  };
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

/** Luma from one shade to the next; simulators' palettes are even slopes. */
function lumaStep(palette: Buffer): number {
  const luma = (at: number) =>
    0.299 * (palette[at] ?? 0) + 0.587 * (palette[at + 1] ?? 0) + 0.114 * (palette[at + 2] ?? 0);
  const shades = palette.length / 3;
  return shades < 2 ? 0 : (luma(palette.length - 3) - luma(0)) / (shades - 1);
}

function look(packed: Buffer, width: number, height: number): Pixels {
  const key = hash('sha256', packed);
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const raw = inflateSync(packed);
  const pixels = { blank: isBlank(raw), variance: varianceOf(raw, width, height) };
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

/** One colour only: every line is the same but for its filter byte, and so is every byte of it. */
function isBlank(raw: Buffer): boolean {
  const values = new Set<number>();
  for (let at = 0; at < raw.length; at += 97) values.add(raw[at]!);
  return values.size <= 4;
}
