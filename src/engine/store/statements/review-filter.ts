/** Items by what the workspace said of them. */
import { type RawBuilder, sql } from 'kysely';
import type { ReviewFilter } from '../../core/review.ts';

const SAID = {
  kept: sql`reviews.verdict = 'keep'`,
  rejected: sql`reviews.verdict = 'reject'`,
  starred: sql`reviews.stars > 0`,
  noted: sql`reviews.note is not null`,
  undecided: sql`reviews.verdict is not null`,
} as const satisfies Record<ReviewFilter, RawBuilder<unknown>>;

/** For a query that has `items`. */
export function isReviewed(filter: ReviewFilter): RawBuilder<boolean> {
  const found = sql`(select 1 from reviews where reviews.run_id = items.run_id
    and reviews.item_id = items.id and ${SAID[filter]})`;
  return filter === 'undecided' ? sql<boolean>`not exists ${found}` : sql<boolean>`exists ${found}`;
}
