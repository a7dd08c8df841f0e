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

/** Which images of a run are meant, by what was said of them. */
export const REVIEW_FILTERS = ['kept', 'rejected', 'starred', 'noted', 'undecided'] as const;
export type ReviewFilter = (typeof REVIEW_FILTERS)[number];

/** On a shared page. */
export const MARKS = ['approve', 'reject'] as const;
export type Mark = (typeof MARKS)[number];

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
