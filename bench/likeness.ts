import type { RawPicture } from '../src/engine/finish/raw-picture.ts';

export interface Likeness {
  /** Peak signal to noise in decibels; more is nearer. */
  readonly psnr: number;
  /** Structural similarity, 1 for the same. */
  readonly ssim: number;
}

const PEAK = 255;
/** Wang, Bovik, Sheikh and Simoncelli 2004: a Gaussian window of 11 pixels, and what keeps it finite. */
const WINDOW = Array.from({ length: 11 }, (_, at) => Math.exp(-((at - 5) ** 2) / (2 * 1.5 ** 2)));
const WINDOW_SUM = WINDOW.reduce((sum, weight) => sum + weight, 0);
const LUMA_FLOOR = (0.01 * PEAK) ** 2;
const CONTRAST_FLOOR = (0.03 * PEAK) ** 2;

/**
 * How near a picture comes to another of its size, on luma (Rec. 601), without a border of `border`
 * pixels: what lies outside the picture was a guess.
 */
export function likenessOf(one: RawPicture, other: RawPicture, border: number): Likeness {
  const size = { width: one.width, height: one.height };
  const [a, b] = [lumaOf(one), lumaOf(other)];
  const errors = inner(
    a.map((value, at) => (value - b[at]!) ** 2),
    size,
    border,
  );
  const [meanA, meanB] = [blurred(a, size), blurred(b, size)];
  const [squareA, squareB] = [blurred(product(a, a), size), blurred(product(b, b), size)];
  const both = blurred(product(a, b), size);
  const similar = a.map((_, at) => {
    const means = meanA[at]! * meanB[at]!;
    const spreadA = squareA[at]! - meanA[at]! ** 2;
    const spreadB = squareB[at]! - meanB[at]! ** 2;
    return (
      ((2 * means + LUMA_FLOOR) * (2 * (both[at]! - means) + CONTRAST_FLOOR)) /
      ((meanA[at]! ** 2 + meanB[at]! ** 2 + LUMA_FLOOR) * (spreadA + spreadB + CONTRAST_FLOOR))
    );
  });
  return {
    psnr: 10 * Math.log10(PEAK ** 2 / meanOf(errors)),
    ssim: meanOf(inner(similar, size, Math.max(border, (WINDOW.length - 1) / 2))),
  };
}

export function meanOf(values: Iterable<number>): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    sum += value;
    count += 1;
  }
  return sum / count;
}

type Size = Pick<RawPicture, 'width' | 'height'>;

function lumaOf({ data, width, height, channels }: RawPicture): Float64Array {
  return Float64Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * channels;
    return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  });
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value * b[at]!);
}

/** By the window, across and then down; the rim, where it does not fit, stays 0. */
function blurred(values: Float64Array, { width, height }: Size): Float64Array {
  return blurLines(blurLines(values, 1, width, height), width, width, height);
}

function blurLines(
  values: Float64Array,
  step: number,
  width: number,
  height: number,
): Float64Array {
  const result = new Float64Array(values.length);
  const reach = (WINDOW.length - 1) / 2;
  const [rimX, rimY] = step === 1 ? [reach, 0] : [0, reach];
  for (let y = rimY; y < height - rimY; y += 1) {
    for (let x = rimX; x < width - rimX; x += 1) {
      const at = y * width + x;
      let sum = 0;
      for (let place = -reach; place <= reach; place += 1) {
        sum += WINDOW[place + reach]! * values[at + place * step]!;
      }
      result[at] = sum / WINDOW_SUM;
    }
  }
  return result;
}

function inner(values: Float64Array, { width, height }: Size, border: number): Float64Array {
  return values.filter((_, at) => {
    const [x, y] = [at % width, Math.trunc(at / width)];
    return x >= border && x < width - border && y >= border && y < height - border;
  });
}
