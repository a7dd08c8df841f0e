import { cellMeans } from './cell-means.ts';

/** Cells on a side of the grid. */
const GRID = 4;
/** The white of D65, to which sRGB refers. */
const WHITE = [0.95047, 1, 1.08883] as const;

/**
 * The colours of a picture on a grid of 4 by 4: CIE L (0 to 100, stretched to a byte), a and b (moved by
 * 128) of each cell, row by row, as 96 hex digits. `look`: the picture squeezed into a square, three
 * bytes a pixel.
 */
export function colourSignature(look: Uint8Array, side: number): string {
  const means = cellMeans(look, side, { columns: GRID, rows: GRID });
  const bytes = new Uint8Array(means.length);
  for (let at = 0; at < means.length; at += 3) {
    const [lightness, a, b] = labOf(means[at]!, means[at + 1]!, means[at + 2]!);
    bytes.set([byte(lightness * 2.55), byte(a + 128), byte(b + 128)], at);
  }
  return Buffer.from(bytes).toString('hex');
}

/** sRGB (0 to 255) to CIE Lab (D65). */
function labOf(red: number, green: number, blue: number): [number, number, number] {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = bent((0.4124 * r + 0.3576 * g + 0.1805 * b) / WHITE[0]);
  const y = bent((0.2126 * r + 0.7152 * g + 0.0722 * b) / WHITE[1]);
  const z = bent((0.0193 * r + 0.1192 * g + 0.9505 * b) / WHITE[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function bent(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}

function byte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
