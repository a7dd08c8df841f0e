import type { Size } from '../../core/size.ts';

/** Which pixels of a line make each pixel of the result, and how much of each. */
interface Taps {
  /** Pixels that are weighed for each result. */
  readonly count: number;
  /** Of result i: the first pixel. */
  readonly first: Int32Array;
  /** Of result i: `count` weights from `i * count` on; together 1. */
  readonly weights: Float64Array;
}

export interface Resampling {
  readonly from: Size;
  readonly to: Size;
  /** Values a pixel. */
  readonly channels: number;
  /** Fills `row` with the values of a line of the source; each is asked for once, downwards. */
  readonly read: (y: number, row: Float32Array) => void;
  /** Takes a line of the result, downwards. The row is used again for the next one. */
  readonly write: (y: number, row: Float32Array) => void;
}

const LOBES = 3;

/**
 * Resamples by Lanczos with three lobes, in both directions: the centre of a picture stays where it is,
 * and what lies outside its border is like the border. Reducing widens the kernel, so that nothing
 * aliases. Holds a few lines (six, enlarging) and nothing else.
 *
 * This kernel is our own, since libvips has none: enlarging, its `lanczos3` is a bicubic interpolation
 * (https://github.com/libvips/libvips/issues/517), which moves the picture by a quarter of a pixel at x2.
 */
export function resampleLanczos({ from, to, channels, read, write }: Resampling): void {
  const across = tapsOf(from.width, to.width);
  const down = tapsOf(from.height, to.height);
  const source = new Float32Array(from.width * channels);
  const line = new Float32Array(to.width * channels);
  // Lines already resampled across, each in its place until it is no longer needed.
  const lines = Array.from({ length: down.count }, () => new Float32Array(to.width * channels));
  let next = 0;
  for (let y = 0; y < to.height; y += 1) {
    const first = down.first[y]!;
    for (; next < first + down.count; next += 1) {
      read(next, source);
      resampleLine(source, lines[next % down.count]!, across, channels);
    }
    line.fill(0);
    for (let tap = 0; tap < down.count; tap += 1) {
      addWeighed(line, lines[(first + tap) % down.count]!, down.weights[y * down.count + tap]!);
    }
    write(y, line);
  }
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
  if (weight === 0) return;
  for (let at = 0; at < sum.length; at += 1) sum[at]! += weight * line[at]!;
}

function tapsOf(size: number, resultSize: number): Taps {
  const step = size / resultSize;
  const stretch = Math.max(1, step);
  const reach = LOBES * stretch;
  const count = Math.min(size, Math.ceil(2 * reach));
  const first = new Int32Array(resultSize);
  const weights = new Float64Array(resultSize * count);
  for (let result = 0; result < resultSize; result += 1) {
    const centre = (result + 0.5) * step - 0.5;
    const lowest = Math.floor(centre - reach) + 1;
    const highest = Math.ceil(centre + reach) - 1;
    const start = clamp(lowest, 0, size - count);
    first[result] = start;
    let sum = 0;
    for (let at = lowest; at <= highest; at += 1) {
      const weight = lanczos((at - centre) / stretch);
      // What lies outside is the border's pixel.
      weights[result * count + clamp(at, 0, size - 1) - start]! += weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap += 1) weights[result * count + tap]! /= sum;
  }
  return { count, first, weights };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
