import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ImageFormat } from '../src/engine/core/quality.ts';

/** What a simulated picture says of itself, so that a test can trace it to its prompt. */
export interface SimulatedMark {
  /** SHA-256 of the prompt as the vendor received it, hex. */
  readonly promptHash: string;
  /** Unique among all images of a simulator. */
  readonly imageId: string;
}

const KEYWORD = 'Simulated-Prompt';

/** The prompt's SHA-256, hex: what `SimulatedMark.promptHash` holds. */
export function hashPrompt(prompt: string): string {
  return createHash('sha256').update(prompt).digest('hex');
}

/** Puts a mark into a picture without touching its pixels: text chunk, comment or extra chunk. */
export function withSimulatedMark(
  picture: Uint8Array,
  format: ImageFormat,
  mark: SimulatedMark,
): Uint8Array {
  const text = Buffer.from(`${KEYWORD}\0${mark.promptHash} ${mark.imageId}`, 'latin1');
  switch (format) {
    case 'png':
      return insert(picture, pngChunk('tEXt', text), afterPngHeader);
    case 'jpeg':
      return insert(picture, jpegComment(text), 2);
    case 'webp':
      return withWebpChunk(picture, text);
  }
}

/** Reads the mark of a simulated picture; `undefined` for any other picture. */
export function readSimulatedMark(picture: Uint8Array): SimulatedMark | undefined {
  const bytes = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
  const at = bytes.indexOf(`${KEYWORD}\0`, 'latin1');
  if (at === -1) return undefined;
  const text = bytes.toString('latin1', at + KEYWORD.length + 1, at + KEYWORD.length + 200);
  const match = /^([0-9a-f]{64}) ([a-z0-9.-]+)/.exec(text);
  return match ? { promptHash: match[1]!, imageId: match[2]! } : undefined;
}

/** A PNG chunk: length, type, data, CRC over type and data (PNG specification, 5.3). */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Signature (8 bytes) and IHDR (25) come first in every PNG. */
const afterPngHeader = 33;

function jpegComment(text: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([head, text]);
}

/** Unknown chunks may follow the picture's; readers ignore them (WebP container specification). */
function withWebpChunk(picture: Uint8Array, text: Buffer): Uint8Array {
  const head = Buffer.alloc(8);
  head.write('SIMU', 'latin1');
  head.writeUInt32LE(text.length, 4);
  const padding = Buffer.alloc(text.length % 2);
  const bytes = Buffer.concat([picture, head, text, padding]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

function insert(picture: Uint8Array, part: Buffer, at: number): Uint8Array {
  return Buffer.concat([picture.subarray(0, at), part, picture.subarray(at)]);
}
