import { probabilityOfLower } from './mann-whitney.ts';
import { medianOf } from './median.ts';

/** Images of a model's start, and the latest of its streak, that are compared. */
export const START_IMAGES = 20;
export const LATEST_IMAGES = 8;
/**
 * Asked anew after every image, 0.0005 cries wolf in about one of 100 queues of 100 images of steady
 * quality; a loss to a tenth of the detail is seen after 7 images, one to a quarter after 9 (counted on
 * 300 queues of subjects whose detail is log-normal with 0.9).
 */
const LEAST_LIKELY = 0.000_5;
/** A loss that is sure but small is not worth another model. */
const CLEAR_RATIO = 0.7;

export type DetailVerdict = 'too-early' | 'steady' | 'fell';

/** How the latest detail of a model compares with its own start. */
export interface DetailComparison {
  /** Median detail of the first images; absent before there are enough of them. */
  readonly start?: number;
  /** Median detail of the latest images of the streak. */
  readonly latest?: number;
  /** `latest` over `start`. */
  readonly ratio?: number;
  /** How likely chance alone would do this, 0 to 1. */
  readonly probability?: number;
  readonly verdict: DetailVerdict;
}

/**
 * Compares the detail of a model's first images with that of its latest. Subjects differ in detail, so it
 * takes many images to tell: one poor picture says nothing.
 */
export function judgeDetail(start: readonly number[], latest: readonly number[]): DetailComparison {
  const startMedian = start.length < START_IMAGES ? undefined : medianOf(start);
  if (startMedian === undefined) return { verdict: 'too-early' };
  const latestMedian = latest.length < LATEST_IMAGES ? undefined : medianOf(latest);
  if (latestMedian === undefined) return { start: startMedian, verdict: 'too-early' };
  const ratio = startMedian === 0 ? 1 : latestMedian / startMedian;
  const probability = probabilityOfLower(latest, start);
  const hasFallen = probability < LEAST_LIKELY && ratio <= CLEAR_RATIO;
  return {
    start: startMedian,
    latest: latestMedian,
    ratio,
    probability,
    verdict: hasFallen ? 'fell' : 'steady',
  };
}
