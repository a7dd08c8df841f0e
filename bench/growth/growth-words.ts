/** What the slope of a curve means, in words. */
import { type Curve, exponentOf } from '../many-rows/curve.ts';

/** By so much a slope may be off: measurements are. */
const TOLERANCE = 0.1;

export interface Growth {
  readonly name: string;
  /** By least squares over the logarithms of its points. */
  readonly exponent: number;
  readonly words: GrowthWords;
}

export type GrowthWords = 'flat' | 'below linear' | 'linear' | 'above linear';

/** `isEach`: the curve is of the cost of one; what all cost grows by one more. */
export function growthOf(curve: Curve, isEach = false): Growth {
  const exponent = exponentOf(curve, 0) ?? 0;
  return { name: curve.name, exponent, words: growthWords(isEach ? exponent + 1 : exponent) };
}

export function growthWords(exponent: number): GrowthWords {
  if (exponent <= TOLERANCE) return 'flat';
  if (exponent < 1 - TOLERANCE) return 'below linear';
  return exponent <= 1 + TOLERANCE ? 'linear' : 'above linear';
}
