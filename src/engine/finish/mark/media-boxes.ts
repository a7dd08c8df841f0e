/** Boxes of ISO base media files (ISO 14496-12 §4.2), of which AVIF and HEIC consist. */
import { ByteReader } from './byte-reader.ts';
import { ContainerError } from './image-container.ts';

export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where what it holds begins, behind size and type. */
  readonly data: number;
  readonly end: number;
}

/** Far more than any picture has: every tile of a grid is two or three. */
const MOST_BOXES = 4_000;

/** The boxes of a part of a file, one behind the other without a gap. */
export function boxesIn(file: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    if (boxes.length === MOST_BOXES) throw new ContainerError('too many boxes');
    const reader = new ByteReader(file, at, end);
    const size = reader.uint(4);
    const type = reader.code();
    // 1: the size is in 64 bits behind the type; 0: up to the end of the file.
    const length =
      size === 1 ? reader.uint(8) : size === 0 && end === file.length ? end - at : size;
    if (length < reader.at - at || at + length > end) throw new ContainerError('cut box');
    boxes.push({ type, start: at, data: reader.at, end: at + length });
    at += length;
  }
  return boxes;
}

/** A box of these bytes; only what is below 4 GB is ever written. */
export function buildBox(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}

/** Big-endian figures, each with its width in bytes. */
export function figures(...values: readonly (readonly [figure: number, width: number])[]): Buffer {
  const bytes = Buffer.alloc(values.reduce((sum, [, width]) => sum + width, 0));
  let at = 0;
  for (const [figure, width] of values) {
    if (width > 0) bytes.writeUIntBE(figure, at, width);
    at += width;
  }
  return bytes;
}
