/** The tables of reviews and of pages for approval: a part of `Tables`. */
import type { Mark, Verdict } from '../core/review.ts';

export interface ReviewTables {
  reviews: ReviewsTable;
  shares: SharesTable;
  share_marks: ShareMarksTable;
}

/** What the workspace says of an image; there is none where nothing was said. */
export interface ReviewsTable {
  run_id: string;
  item_id: string;
  verdict: Verdict | null;
  /** 0 to 5. */
  stars: number;
  note: string | null;
  /** The key's name. */
  reviewer: string;
  at: number;
}

/** A page on which somebody without a key may look at a run's images, and mark them. */
export interface SharesTable {
  id: string;
  workspace: string;
  run_id: string;
  title: string;
  /** SHA-256 of the link's secret, hex. */
  hash: string;
  /** JSON of `ShareTerms`. */
  terms: string;
  key_id: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  /** When it was last opened. */
  opened_at: number | null;
}

export interface ShareMarksTable {
  share_id: string;
  item_id: string;
  mark: Mark | null;
  note: string | null;
  /** As the visitor calls themselves. */
  marked_by: string | null;
  at: number;
}
