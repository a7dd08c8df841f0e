/** What the workspace says of the images of its runs: a part of `Store`. */
import type { ReviewChange, ReviewSummary, ReviewWords } from '../core/review.ts';

/** What to say of an image. */
export interface ReviewOrder {
  readonly itemId: string;
  readonly change: ReviewChange;
}

/** What was said of an image before it was changed. */
export interface FormerReview extends ReviewWords {
  readonly itemId: string;
}

/** What was said of an image, and what is said now. */
export interface ChangedReview {
  readonly itemId: string;
  readonly before: ReviewWords;
  readonly after: ReviewWords;
  readonly at: number;
}

export interface ReviewStore {
  /**
   * Says something of images that there are: delivered ones, and failed ones whose bytes were kept. Others, and
   * those of which it was said already, are left out. What is taken back entirely leaves nothing. Answers those
   * that were changed. At most `MOST_REVIEWS_AT_ONCE` orders.
   */
  changeReviews(
    runId: string,
    orders: readonly ReviewOrder[],
    reviewer: string,
  ): Promise<ChangedReview[]>;
  /** `delivered`: how many are, where that is known already. */
  reviewSummary(runId: string, delivered?: number): Promise<ReviewSummary>;
}

/** Of one transaction: a few milliseconds. */
export const MOST_REVIEWS_AT_ONCE = 500;
