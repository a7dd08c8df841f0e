/** What the address of a review says: which image, which of them are shown, and how. */
import { REVIEW_FILTERS, type ReviewFilter } from '../../../../src/engine/core/review.ts';

export interface ReviewSearch {
  readonly item?: string;
  readonly show?: ReviewFilter;
  readonly view?: 'grid';
}

export function reviewSearch(search: Record<string, unknown>): ReviewSearch {
  const { item, show, view } = search;
  const filter = REVIEW_FILTERS.find((each) => each === show);
  return {
    ...(typeof item === 'string' && /^[0-9a-f]{32}$/.test(item) && { item }),
    ...(filter !== undefined && { show: filter }),
    ...(view === 'grid' && { view }),
  };
}
