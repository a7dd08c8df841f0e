import { cellMeans } from './cell-means.ts';

/** Steps compared along a line; eight lines of each direction make 128 bits. */
const STEPS = 8;

/**
 * A difference hash of 128 bits as 32 hex digits: whether it gets brighter from each of 9 cells to the
 * next, along 8 rows and then down 8 columns. Scaling, encoding and mild changes of light leave most
 * bits alone. `look`: the picture squeezed into a square, three bytes a pixel.
 */
export function fingerprintOf(look: Uint8Array, side: number): string {
  const across = lumaOf(cellMeans(look, side, { columns: STEPS + 1, rows: STEPS }));
  const down = lumaOf(cellMeans(look, side, { columns: STEPS, rows: STEPS + 1 }));
  const bytes = new Uint8Array(2 * STEPS);
  for (let line = 0; line < STEPS; line += 1) {
    for (let step = 0; step < STEPS; step += 1) {
      const left = line * (STEPS + 1) + step;
      if (across[left + 1]! > across[left]!) bytes[line]! |= 1 << step;
      const upper = step * STEPS + line;
      if (down[upper + STEPS]! > down[upper]!) bytes[STEPS + line]! |= 1 << step;
    }
  }
  return Buffer.from(bytes).toString('hex');
}

/** To whole steps of a quarter: the noise of a flat ground must not decide a bit. */
function lumaOf(means: Float64Array): number[] {
  return Array.from({ length: means.length / 3 }, (_, cell) => {
    const at = cell * 3;
    const luma = 0.299 * means[at]! + 0.587 * means[at + 1]! + 0.114 * means[at + 2]!;
    return Math.round(luma * 4);
  });
}
