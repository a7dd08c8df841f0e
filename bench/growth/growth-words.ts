/** What the slope of a curve means, in words. */
import { type Curve, exponentOf } from '../many-rows/curve.ts';

/** By so much a slope may be off: measurements are. */
const TOLERANCE = 0.1;

export interface Growth {
  readonly name: string;
  /** By least squares over the logarithms of its points. */
  readonly exponent: number;
  /** The same between its last two points: what is fixed hides the growth of what is small. */
  readonly last: number;
  /** By the first of the two. */
  readonly words: GrowthWords;
}

export type GrowthWords = 'flat' | 'below linear' | 'linear' | 'above linear';

/** `isEach`: the curve is of the cost of one; what all cost grows by one more. */
export function growthOf(curve: Curve, isEach = false): Growth {
  const exponent = exponentOf(curve, 0) ?? 0;
  const last = exponentOf({ ...curve, points: curve.points.slice(-2) }, 0) ?? 0;
  return { name: curve.name, exponent, last, words: growthWords(isEach ? exponent + 1 : exponent) };
}

export function growthWords(exponent: number): GrowthWords {
  if (exponent <= TOLERANCE) return 'flat';
  if (exponent < 1 - TOLERANCE) return 'below linear';
  return exponent <= 1 + TOLERANCE ? 'linear' : 'above linear';
}
