/** What people say of images: the workspace's own verdicts, and the marks of whom a page was shared with. */

export const VERDICTS = ['keep', 'reject'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const MOST_STARS = 5;
export const LONGEST_NOTE = 2_000;

/** Of one image. */
export interface Review {
  readonly verdict?: Verdict;
  /** 0 (none) to 5. */
  readonly stars: number;
  readonly note?: string;
  /** Name of the key that said it last. */
  readonly reviewer: string;
  readonly at: number;
}

/** What to change; absent: as it is, null: taken back. */
export interface ReviewChange {
  readonly verdict?: Verdict | null;
  readonly stars?: number;
  readonly note?: string | null;
}

/** Nothing was said: what an image has that nobody reviewed. */
export const NO_REVIEW = { verdict: null, stars: 0, note: null } as const;

/** What is said of an image, whole. */
export interface ReviewWords {
  readonly verdict: Verdict | null;
  readonly stars: number;
  readonly note: string | null;
}

/** Which images of a run are meant, by what was said of them. */
export const REVIEW_FILTERS = ['kept', 'rejected', 'starred', 'noted', 'undecided'] as const;
export type ReviewFilter = (typeof REVIEW_FILTERS)[number];

/** Whether what was said of an image is what the filter looks for. */
export function fitsReview(review: Review | undefined, filter: ReviewFilter): boolean {
  switch (filter) {
    case 'kept':
      return review?.verdict === 'keep';
    case 'rejected':
      return review?.verdict === 'reject';
    case 'starred':
      return (review?.stars ?? 0) > 0;
    case 'noted':
      return review?.note !== undefined;
    case 'undecided':
      return review?.verdict === undefined;
    default:
      return filter satisfies never;
  }
}

/** On a shared page. */
export const MARKS = ['approve', 'reject'] as const;
export type Mark = (typeof MARKS)[number];

/** What a visitor of a shared page said of an image, the newest where several did. */
export interface ClientMark {
  readonly mark?: Mark;
  readonly note?: string;
  /** As they call themselves. */
  readonly markedBy?: string;
  readonly at: number;
}

/** How far a run has been reviewed. */
export interface ReviewSummary {
  readonly kept: number;
  readonly rejected: number;
  readonly starred: number;
  readonly noted: number;
  /** Images that can be kept or rejected, and are neither. */
  readonly undecided: number;
  readonly delivered: number;
}

/** What a shared page shows and allows. */
export interface ShareTerms {
  /** Which delivered images; absent: all of them. */
  readonly only?: ReviewFilter;
  readonly showsPrompts: boolean;
  readonly takesMarks: boolean;
}

/** How a run came of another one: some images again, changed; or those that were chosen, as finals. */
export const SOURCE_KINDS = ['reroll', 'finals'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
