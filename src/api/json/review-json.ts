/** What was said of images, as it travels. */
import { isoTime } from '../../engine/core/iso-time.ts';
import type { ClientMark, Review, ReviewSummary } from '../../engine/core/review.ts';
import type { FormerReview } from '../../engine/engine-types.ts';

export function reviewJson({ verdict, stars, note, reviewer, at }: Review) {
  return {
    verdict: verdict ?? null,
    stars,
    note: note ?? null,
    by: reviewer,
    at: isoTime(at),
  };
}

export function markJson({ mark, note, markedBy, at }: ClientMark) {
  return { mark: mark ?? null, note: note ?? null, by: markedBy ?? null, at: isoTime(at) };
}

export function formerReviewJson({ itemId, verdict, stars, note }: FormerReview) {
  return { item: itemId, verdict, stars, note };
}

export function reviewSummaryJson({
  kept,
  rejected,
  starred,
  noted,
  undecided,
  delivered,
}: ReviewSummary) {
  return { kept, rejected, starred, noted, undecided, delivered };
}
