/** What is known of a waiting request that might travel in the next bundle of its lane. */
export interface BundleCandidate {
  readonly id: string;
  readonly images: number;
  /** Pixels of one of its images. */
  readonly pixels: number;
  readonly hasReferences: boolean;
  /** Waiting requests of one group have at least one among them that the vendor refuses. */
  readonly suspectGroup?: string;
}

/** What is paid for asking, in micro-dollars: it decides how large a bundle may be. */
export interface BundleCost {
  /** What one request is worth by itself: its wait, its part of the vendor's pace. */
  readonly requestMicros: number;
  /** What the vendor bills for each prompt of a bundle that it refuses. */
  readonly refusedPromptMicros: number;
}

/** What bounds a bundle of a lane. */
export interface BundleRules {
  /** Most requests of one bundle. */
  readonly mostRequests: number;
  /** Most bytes of results, and how many a pixel of an image is estimated to take; absent: no bound. */
  readonly results?: { readonly mostBytes: number; readonly bytesPerPixel: number };
  /** The vendor refuses the whole for one of its prompts, so that offenders must be isolated. */
  readonly refusesWhole: boolean;
  /** Read where the vendor refuses the whole; absent: a refused request costs nothing but itself. */
  readonly cost?: BundleCost;
}

export interface BundleQuestion {
  /** In the order of sending. */
  readonly candidates: readonly BundleCandidate[];
  readonly rules: BundleRules;
  /** Groups with a member that is being asked now: their halves wait for the answer. */
  readonly busyGroups: ReadonlySet<string>;
  /** Outcomes of the run on this lane, and how many of them were refused. */
  readonly seen: { readonly outcomes: number; readonly refused: number };
}

/** The ids of the next bundle, in the order of sending; `[]`: every candidate waits for an answer. */
export type PickBundle = (question: BundleQuestion) => readonly string[];

/** How one of several suspects ended. */
export type SuspectEnd =
  /** It was made, or failed for a reason of its own. */
  | 'made'
  /** It was refused for itself: alone, or by its own line of the answer. */
  | 'refused'
  /** It was refused together with others of the group. */
  | 'refused-together'
  /** Nobody can tell what became of it. */
  | 'unknown';

/** Whether the rest of its group still holds an offender, as far as we know. */
export type StaySuspected = (end: SuspectEnd) => boolean;
