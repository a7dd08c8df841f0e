import type { PictureMeasures } from '../core/picture-measures.ts';
import { bitDistance } from './bit-distance.ts';

/** Below it the repeated picture has clearly lost detail; a vendor's own noise stays within a few per cent. */
const CLEAR_RATIO = 0.7;
/** Beyond it the same prompt and seed gave another picture: edits of one picture stay below. */
const OTHER_PICTURE = 0.27;

export type CanaryVerdict = 'same' | 'less-detail' | 'other-picture';

/** What repeating one prompt and seed showed. */
export interface CanaryComparison {
  /** Detail over that of the model's first canary. */
  readonly ratio: number;
  /** Share of the fingerprint's bits that differ from the first canary's. */
  readonly difference: number;
  readonly verdict: CanaryVerdict;
}

/**
 * Compares a canary with the model's first. `other-picture` says that seed and model no longer give the
 * same picture: detail is not comparable then.
 */
export function judgeCanary(first: PictureMeasures, now: PictureMeasures): CanaryComparison {
  const ratio = first.detail === 0 ? 1 : now.detail / first.detail;
  const difference = bitDistance(first.fingerprint, now.fingerprint);
  return { ratio, difference, verdict: verdictOf(ratio, difference) };
}

function verdictOf(ratio: number, difference: number): CanaryVerdict {
  if (difference > OTHER_PICTURE) return 'other-picture';
  return ratio < CLEAR_RATIO ? 'less-detail' : 'same';
}
