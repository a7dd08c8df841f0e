import type { Size } from '../../core/size.ts';

/** Which values of a line make each value of the result, and how much of each. */
export interface Taps {
  /** Values that are weighed for each result. */
  readonly count: number;
  /** Of each result: the first of them. */
  readonly first: Int32Array;
  /** Of result i: `count` weights from `i * count` on; together 1. */
  readonly weights: Float64Array;
}

const LOBES = 3;

/**
 * Lanczos with three lobes for a line of `size` pixels that becomes `resultSize` long, for `many` pixels
 * of the result from `from` on. The centre of the line stays where it is, and what lies outside is like
 * the border. Reducing widens the kernel, so that nothing aliases.
 *
 * This kernel is our own, since libvips has none: enlarging, its `lanczos3` is a bicubic interpolation
 * (https://github.com/libvips/libvips/issues/517) that moves a picture by a quarter of a pixel at 2x.
 */
export function lanczosTaps(
  size: number,
  resultSize: number,
  { from, many }: { readonly from: number; readonly many: number } = { from: 0, many: resultSize },
): Taps {
  const step = size / resultSize;
  const stretch = Math.max(1, step);
  const reach = LOBES * stretch;
  const count = Math.min(size, Math.ceil(2 * reach));
  const first = new Int32Array(many);
  const weights = new Float64Array(many * count);
  for (let place = 0; place < many; place += 1) {
    const centre = (from + place + 0.5) * step - 0.5;
    const lowest = Math.floor(centre - reach) + 1;
    const highest = Math.ceil(centre + reach) - 1;
    const start = clamp(lowest, 0, size - count);
    const ours = weights.subarray(place * count, (place + 1) * count);
    for (let at = lowest; at <= highest; at += 1) {
      ours[clamp(at, 0, size - 1) - start]! += kernel((at - centre) / stretch);
    }
    const sum = ours.reduce((total, weight) => total + weight, 0);
    for (let tap = 0; tap < count; tap += 1) ours[tap]! /= sum;
    first[place] = start;
  }
  return { count, first, weights };
}

export interface Resampling {
  readonly across: Taps;
  readonly down: Taps;
  /** Values a pixel. */
  readonly channels: number;
  /** Fills `row` with the values of a line of the source; each is asked for once at most, downwards. */
  readonly read: (y: number, row: Float32Array) => void;
  /** Takes a line of the result, downwards. The row is used again for the next one. */
  readonly write: (y: number, row: Float32Array) => void;
}

/** Resamples across and then down; holds as many lines as are weighed for one, and nothing else. */
export function resample({ across, down, channels, read, write }: Resampling): void {
  const source = new Float32Array((across.first.at(-1)! + across.count) * channels);
  const width = across.first.length * channels;
  const sum = new Float32Array(width);
  // Lines already resampled across, each in its place until it is no longer needed.
  const lines = Array.from({ length: down.count }, () => new Float32Array(width));
  let next = 0;
  for (let y = 0; y < down.first.length; y += 1) {
    const first = down.first[y]!;
    for (next = Math.max(next, first); next < first + down.count; next += 1) {
      read(next, source);
      resampleLine(source, lines[next % down.count]!, across, channels);
    }
    sum.fill(0);
    for (let tap = 0; tap < down.count; tap += 1) {
      addWeighed(sum, lines[(first + tap) % down.count]!, down.weights[y * down.count + tap]!);
    }
    write(y, sum);
  }
}

/** A whole picture from one size to another. */
export function resampleLanczos(
  from: Size,
  to: Size,
  lines: Pick<Resampling, 'channels' | 'read' | 'write'>,
): void {
  const across = lanczosTaps(from.width, to.width);
  resample({ ...lines, across, down: lanczosTaps(from.height, to.height) });
}

function resampleLine(
  source: Float32Array,
  line: Float32Array,
  taps: Taps,
  channels: number,
): void {
  const { count, first, weights } = taps;
  for (let x = 0, at = 0; x < first.length; x += 1) {
    const start = first[x]! * channels;
    for (let channel = 0; channel < channels; channel += 1, at += 1) {
      let sum = 0;
      for (let tap = 0, place = start + channel; tap < count; tap += 1, place += channels) {
        sum += weights[x * count + tap]! * source[place]!;
      }
      line[at] = sum;
    }
  }
}

function addWeighed(sum: Float32Array, line: Float32Array, weight: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at]! += weight * line[at]!;
}

function kernel(x: number): number {
  if (x === 0) return 1;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
