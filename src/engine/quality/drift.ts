import type { PictureMeasures } from '../core/picture-measures.ts';
import { bitDistance } from './bit-distance.ts';
import { colourDistance, toneOf } from './colour-distance.ts';
import { START_IMAGES } from './judge-detail.ts';
import { medianOf } from './median.ts';

/** Differences of colour and tone that count as fully drifted (CIE76). */
const FULL_COLOUR = 50;
/** Half of the bits differ between pictures that have nothing to do with each other. */
const FULL_BITS = 0.5;
/** Robust standard deviations from the median beyond which a score is an outlier (Iglewicz and Hoaglin). */
const OUTLIER = 3.5;
/** MAD of a normal distribution times this is its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Below it nobody sees a difference, however alike the others are. */
const LEAST_DRIFT = 0.15;
/** Scores kept of a group: enough for a median, and a bound. */
const MOST_SCORES = 500;

/** How far a picture is from the reference that it was made from: 0 (the same) to 1. */
export function driftFromReference(image: PictureMeasures, reference: PictureMeasures): number {
  const colour = Math.min(1, colourDistance(image.signature, reference.signature) / FULL_COLOUR);
  const shape = Math.min(1, bitDistance(image.fingerprint, reference.fingerprint) / FULL_BITS);
  return (colour + shape) / 2;
}

/** A picture with its score, once there is something to compare it with. */
export interface Drift {
  /** 0 to 1. */
  readonly score: number;
  /** Much farther than others of its group. */
  readonly isOutlier: boolean;
}

/**
 * Images of one kind (model, style, reference). The first of them make the measure: a picture's score is
 * its distance from its reference, or from the middle of the first pictures' tones, and it is an outlier
 * among the scores of its group.
 */
export class DriftGroup<Id> {
  readonly #scores: number[] = [];
  #start: { id: Id; tone: number[]; score: number | undefined }[] | undefined = [];
  #middle: number[] = [];
  /** The score beyond which others are outliers, while the scores stay as they are. */
  #limit: number | undefined;

  /**
   * Adds an image; `fromReference` is its score where it has a reference that could be measured. Answers
   * the drift of this image, and of all the first ones once there are enough of them.
   */
  add(id: Id, signature: string, fromReference?: number): { id: Id; drift: Drift }[] {
    const tone = toneOf(signature);
    if (this.#start === undefined) return [{ id, drift: this.#judge(tone, fromReference) }];
    this.#start.push({ id, tone, score: fromReference });
    if (this.#start.length < START_IMAGES) return [];
    const first = this.#start;
    this.#start = undefined;
    this.#middle = first[0]!.tone.map((_, at) =>
      medianOf(first.map(({ tone: each }) => each[at]!))!,
    );
    for (const each of first) this.#scores.push(each.score ?? this.#fromStart(each.tone));
    return first.map(({ id: each }, at) => ({ id: each, drift: this.#verdict(this.#scores[at]!) }));
  }

  #judge(tone: readonly number[], fromReference: number | undefined): Drift {
    const score = fromReference ?? this.#fromStart(tone);
    const drift = this.#verdict(score);
    if (this.#scores.length < MOST_SCORES) {
      this.#scores.push(score);
      this.#limit = undefined;
    }
    return drift;
  }

  #fromStart(tone: readonly number[]): number {
    const apart = Math.hypot(...tone.map((value, at) => value - this.#middle[at]!));
    return Math.min(1, apart / FULL_COLOUR);
  }

  #verdict(score: number): Drift {
    this.#limit ??= outlierLimit(this.#scores);
    return { score, isOutlier: score > this.#limit && score >= LEAST_DRIFT };
  }
}

function outlierLimit(scores: readonly number[]): number {
  const middle = medianOf(scores)!;
  const deviation = medianOf(scores.map((each) => Math.abs(each - middle)))!;
  return middle + OUTLIER * MAD_TO_DEVIATION * deviation;
}
