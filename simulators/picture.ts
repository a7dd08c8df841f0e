import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { ImageFormat } from '../src/engine/core/quality.ts';
import type { Size } from '../src/engine/core/size.ts';
import { hashPrompt, pngChunk, withSimulatedMark } from './simulated-mark.ts';
import { textureRows } from './texture.ts';

/** What a simulator paints. */
export interface PictureOrder {
  readonly size: Size;
  readonly format: ImageFormat;
  readonly blank: boolean;
  readonly prompt: string;
  readonly imageId: string;
  /** Gives it a texture of the prompt's own, softened by so many pixels; absent: a plain slope. */
  readonly blur?: number;
}

export interface Picture {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
}

/** Bounds the memory of the cache below: a few kB each. */
const MOST_CACHED = 64;
const cache = new Map<string, Promise<Buffer> | Buffer>();

/**
 * A real picture of a few kB: right size and format, a slope in the prompt's own colours (PNG; other
 * formats have one look), unique by a mark that `readSimulatedMark` reads. PNG needs no waiting at
 * all; JPEG and WebP are encoded once per size (see `preparePictures`).
 */
export async function paintPicture(order: PictureOrder): Promise<Picture> {
  const base = order.format === 'png' ? paintPng(order) : await encodeOnce(order.format, order);
  const mark = { promptHash: hashPrompt(order.prompt), imageId: order.imageId };
  const bytes = withSimulatedMark(base, order.format, mark);
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Encodes JPEG and WebP pictures ahead of time, so that painting them later does no real work in the
 * background. Needed only on a virtual clock.
 */
export async function preparePictures(
  sizes: readonly Size[],
  formats: readonly ('jpeg' | 'webp')[],
): Promise<void> {
  for (const size of sizes) {
    for (const format of formats) {
      for (const blank of [false, true]) {
        await encodeOnce(format, { size, blank, prompt: format });
      }
    }
  }
}

/** What decides a picture's pixels. */
type Pixels = Pick<PictureOrder, 'size' | 'blank' | 'prompt' | 'blur'>;

/** A slope is encoded in the same colours for all prompts; a texture is each prompt's own. */
async function encodeOnce(format: 'jpeg' | 'webp', asked: Pixels): Promise<Buffer> {
  const { width, height } = asked.size;
  const prompt = asked.blur === undefined ? format : asked.prompt;
  const name = `${format} ${width}x${height} ${asked.blank} ${asked.blur} ${prompt}`;
  const known = cache.get(name);
  if (known) return known;
  const encoded = sharp(paintPng({ ...asked, prompt }))
    [format]({ quality: asked.blur === undefined ? 60 : 90 })
    .toBuffer();
  remember(name, encoded);
  return encoded;
}

function paintPng({ size, blank, prompt, blur }: Pixels): Buffer {
  const isTexture = blur !== undefined && !blank;
  const pixels = isTexture ? packedTexture(size, prompt, blur) : pixelsOf(size, blank);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', pngHeader(size)),
    pngChunk('PLTE', paletteOf(prompt, isTexture ? 'texture' : 'slope')),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** 8 bits a pixel, indexing a palette (colour type 3): colours change, pixels stay cached. */
function pngHeader(size: Size): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return header;
}

const SHADES = 64;

/** Broad bands of the slope, dark and bright in an order of the prompt's own. */
const BANDS = 16;

/**
 * Shades between two colours taken from the prompt. The order of a slope's bands is its own as well, so
 * that pictures of different prompts are not taken for repetitions of one.
 */
function paletteOf(prompt: string, look: 'slope' | 'texture'): Buffer {
  const bytes = createHash('sha256').update(prompt).digest();
  const [r1, g1, b1, r2, g2, b2] = bytes;
  const order = Array.from({ length: BANDS }, (_, band) => band).toSorted(
    (one, other) => bytes[16 + one]! - bytes[16 + other]! || one - other,
  );
  const palette = Buffer.alloc(SHADES * 3);
  for (let shade = 0; shade < SHADES; shade += 1) {
    const part =
      look === 'texture'
        ? shade / (SHADES - 1)
        : order[Math.floor((shade * BANDS) / SHADES)]! / (BANDS - 1);
    // One end dark and the other bright, so that no prompt gives a picture of nearly one colour.
    const mix = (dark: number, bright: number) =>
      Math.round((dark / 3) * (1 - part) + (170 + bright / 3) * part);
    palette.set([mix(r1!, r2!), mix(g1!, g2!), mix(b1!, b2!)], shade * 3);
  }
  return palette;
}

function packedTexture(size: Size, prompt: string, blur: number): Buffer {
  const name = `texture ${size.width}x${size.height} ${blur} ${prompt}`;
  const known = cache.get(name);
  if (known instanceof Buffer) return known;
  const pixels = deflateSync(textureRows(size, prompt, blur, SHADES), { level: 3 });
  remember(name, pixels);
  return pixels;
}

function pixelsOf(size: Size, blank: boolean): Buffer {
  const name = `pixels ${size.width}x${size.height} ${blank}`;
  const known = cache.get(name);
  if (known instanceof Buffer) return known;
  const pixels = deflateSync(blank ? plainRows(size) : slopingRows(size), { level: 9 });
  remember(name, pixels);
  return pixels;
}

/** A slope from corner to corner with broad steps, which packs to a few kB. */
function slopingRows({ width, height }: Size): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const slope = Math.floor(((x / width + y / height) / 2) * SHADES);
      rows[y * (width + 1) + 1 + x] = slope;
    }
  }
  return rows;
}

function plainRows({ width, height }: Size): Buffer {
  return Buffer.alloc((width + 1) * height);
}

function remember(name: string, value: Promise<Buffer> | Buffer): void {
  if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value!);
  cache.set(name, value);
}
