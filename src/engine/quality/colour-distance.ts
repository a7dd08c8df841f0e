/** Bytes of a signature: L, a and b of 16 cells. */
export const SIGNATURE_BYTES = 48;
/** CIE L is kept stretched from 0..100 to a byte. */
const LIGHTNESS = 2.55;

/** L, a, b of each cell of a signature (`PictureMeasures`), in CIE's own units, row by row. */
export function cellsOf(signature: string): Float64Array {
  const bytes = Buffer.from(signature, 'hex');
  return Float64Array.from({ length: SIGNATURE_BYTES }, (_, at) =>
    at % 3 === 0 ? (bytes[at] ?? 0) / LIGHTNESS : (bytes[at] ?? 128) - 128,
  );
}

/** Mean difference of colour (CIE76) between the same places of two pictures; above 100 for opposites. */
export function colourDistance(one: string, other: string): number {
  return colourDifference(Buffer.from(one, 'hex'), 0, Buffer.from(other, 'hex'), 0);
}

/**
 * The same of signatures that stand somewhere in longer arrays of bytes. Beyond `most` it is counted no
 * farther: any larger number stands for it.
 */
export function colourDifference(
  a: Uint8Array,
  atA: number,
  b: Uint8Array,
  atB: number,
  most = Infinity,
): number {
  const mostSum = (most * SIGNATURE_BYTES) / 3;
  let sum = 0;
  for (let at = 0; at < SIGNATURE_BYTES && sum <= mostSum; at += 3) {
    const lightness = (a[atA + at]! - b[atB + at]!) / LIGHTNESS;
    const red = a[atA + at + 1]! - b[atB + at + 1]!;
    const yellow = a[atA + at + 2]! - b[atB + at + 2]!;
    sum += Math.sqrt(lightness * lightness + red * red + yellow * yellow);
  }
  return (sum * 3) / SIGNATURE_BYTES;
}

/**
 * How far the place that differs most differs (CIE76), once what differs everywhere is taken off: light
 * and tint change all places alike, another thing on the same ground changes a few of them.
 */
export function placeDifference(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  const cells = SIGNATURE_BYTES / 3;
  const mean = [0, 0, 0];
  for (let at = 0; at < SIGNATURE_BYTES; at += 1)
    mean[at % 3]! += (a[atA + at]! - b[atB + at]!) / cells;
  let most = 0;
  for (let at = 0; at < SIGNATURE_BYTES; at += 3) {
    const lightness = (a[atA + at]! - b[atB + at]! - mean[0]!) / LIGHTNESS;
    const red = a[atA + at + 1]! - b[atB + at + 1]! - mean[1]!;
    const yellow = a[atA + at + 2]! - b[atB + at + 2]! - mean[2]!;
    most = Math.max(most, lightness * lightness + red * red + yellow * yellow);
  }
  return Math.sqrt(most);
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
