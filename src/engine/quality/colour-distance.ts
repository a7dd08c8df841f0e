/** Bytes of a signature: L, a and b of 16 cells. */
const BYTES = 48;
/** CIE L is kept stretched from 0..100 to a byte. */
const LIGHTNESS = 2.55;

/** L, a, b of each cell of a signature (`PictureMeasures`), in CIE's own units, row by row. */
export function cellsOf(signature: string): Float64Array {
  const bytes = Buffer.from(signature, 'hex');
  return Float64Array.from({ length: BYTES }, (_, at) =>
    at % 3 === 0 ? (bytes[at] ?? 0) / LIGHTNESS : (bytes[at] ?? 128) - 128,
  );
}

/** Mean difference of colour (CIE76) between the same places of two pictures; above 100 for opposites. */
export function colourDistance(one: string, other: string): number {
  const [a, b] = [cellsOf(one), cellsOf(other)];
  let sum = 0;
  for (let at = 0; at < BYTES; at += 3) {
    sum += Math.hypot(a[at]! - b[at]!, a[at + 1]! - b[at + 1]!, a[at + 2]! - b[at + 2]!);
  }
  return (sum * 3) / BYTES;
}

/**
 * What the colours of a picture have in common, wherever they stand: means of L, a, b and their standard
 * deviations over the cells. Pictures of one style and many subjects are near each other in it.
 */
export function toneOf(signature: string): number[] {
  const cells = cellsOf(signature);
  const channels = [0, 1, 2].map((channel) => cells.filter((_, at) => at % 3 === channel));
  return [...channels.map(mean), ...channels.map(deviation)];
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: Float64Array): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}
