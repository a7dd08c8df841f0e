import type { Size } from '../src/engine/core/size.ts';
import { chanceOf } from './chance.ts';

/** Sides of the tiles that textures are made of, in pixels: subjects differ in how fine they are. */
const TILES = [5, 7, 10, 14, 20] as const;

/**
 * Rows of a PNG (a filter byte, then a shade a pixel) with tiles of random shades that are a prompt's own,
 * softened by `blur` pixels. Sharp tiles have a large Laplacian; soft ones hardly any.
 */
export function textureRows(size: Size, prompt: string, blur: number, shades: number): Buffer {
  const chance = chanceOf(0, 'texture', prompt);
  const tile = TILES[Math.floor(chance.next() * TILES.length)]!;
  // Some subjects are of strong contrast, some are misty.
  const contrast = 0.35 + 0.65 * chance.next();
  const columns = Math.ceil(size.width / tile);
  const tiles = Uint8Array.from(
    { length: columns * Math.ceil(size.height / tile) },
    () => (shades - 1) * (0.5 + contrast * (chance.next() - 0.5)),
  );
  const pixels = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      pixels[y * size.width + x] = tiles[Math.floor(y / tile) * columns + Math.floor(x / tile)]!;
    }
  }
  return withFilterBytes(blur === 0 ? pixels : softened(pixels, size, blur), size);
}

/** A box blur: along the rows, then along the columns. */
function softened(pixels: Uint8Array, { width, height }: Size, radius: number): Uint8Array {
  const across = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y += 1) {
    blurLine(pixels, across, { start: y * width, step: 1, length: width }, radius);
  }
  const both = new Uint8Array(pixels.length);
  for (let x = 0; x < width; x += 1) {
    blurLine(across, both, { start: x, step: width, length: height }, radius);
  }
  return both;
}

function blurLine(
  from: Uint8Array,
  to: Uint8Array,
  line: { readonly start: number; readonly step: number; readonly length: number },
  radius: number,
): void {
  const at = (place: number) =>
    from[line.start + Math.max(0, Math.min(line.length - 1, place)) * line.step]!;
  let sum = 0;
  for (let place = -radius; place <= radius; place += 1) sum += at(place);
  for (let place = 0; place < line.length; place += 1) {
    to[line.start + place * line.step] = Math.round(sum / (2 * radius + 1));
    sum += at(place + radius + 1) - at(place - radius);
  }
}

function withFilterBytes(pixels: Uint8Array, { width, height }: Size): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  return rows;
}
