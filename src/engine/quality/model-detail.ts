import { type DetailComparison, judgeDetail, LATEST_IMAGES, START_IMAGES } from './judge-detail.ts';

/** One delivered image of a model. */
export interface DetailSample {
  /** Rises along the sheet: the order in which the plan wants the images. */
  readonly order: number;
  /** Place in the model's streak, counted from 1; a smaller one than before means that a new turn began. */
  readonly streak: number;
  readonly detail: number;
}

/**
 * Follows the detail of one model: its first images, and the latest of its present turn. Images may come
 * in any order, since many are made at once; what counts is their place in the plan.
 */
export class ModelDetail {
  #start: DetailSample[] = [];
  #latest: DetailSample[] = [];
  /** Samples up to here belong to earlier turns. */
  #turnAfter = -Infinity;

  add(sample: DetailSample): void {
    this.#start = inOrder([...this.#start, sample]).slice(0, START_IMAGES);
    if (sample.order <= this.#turnAfter) return;
    const isOfEarlierTurn = this.#latest.some(
      (other) => other.order > sample.order && other.streak <= sample.streak,
    );
    if (isOfEarlierTurn) {
      this.#turnAfter = sample.order;
      return;
    }
    const ended = this.#latest.filter(
      (other) => other.order < sample.order && other.streak >= sample.streak,
    );
    for (const { order } of ended) this.#turnAfter = Math.max(this.#turnAfter, order);
    const present = this.#latest.filter(({ order }) => order > this.#turnAfter);
    this.#latest = inOrder([...present, sample]).slice(-LATEST_IMAGES);
  }

  judge(): DetailComparison {
    const last = this.#start.at(-1)?.order ?? Infinity;
    // What belongs to the start cannot have fallen from it.
    const latest = this.#latest.filter(({ order }) => order > last);
    return judgeDetail(this.#start.map(detailOf), latest.map(detailOf));
  }
}

function inOrder(samples: readonly DetailSample[]): DetailSample[] {
  return samples.toSorted((one, other) => one.order - other.order);
}

function detailOf({ detail }: DetailSample): number {
  return detail;
}
