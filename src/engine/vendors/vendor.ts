/**
 * The seam to the vendors. A lane is one vendor account's way to a model. It turns a request into the
 * vendor's wire protocol and the answer into our words; it never retries, and knows no ledger, no run
 * and no disk. Everything that went wrong comes back as a value of the closed union `Failure`.
 */
import type { Failure } from '../core/failure.ts';
import type { LimitReading } from '../core/limit.ts';
import type { ImageFormat, Quality } from '../core/quality.ts';
import type { RefusalCategory, RefusalStage } from '../core/refusal.ts';
import type { Size } from '../core/size.ts';

/** A picture as we have it: fitted to the model's limits, upright. */
export interface ReferenceBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/**
 * A picture that a row refers to: bytes that we read, an address that the vendor reads, or one that the
 * vendor keeps already (`uploadReference`) by its own name for it.
 */
export type Reference =
  | ReferenceBytes
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'uploaded'; readonly handle: string; readonly mediaType: string };

/** `handle` is the vendor's name of the picture; `expiresAt` in milliseconds since 1970, if it expires. */
export type UploadAnswer =
  | { readonly kind: 'uploaded'; readonly handle: string; readonly expiresAt?: number }
  | Failed;

/** One paid call, as a lane sees it: the images of one row. */
export interface LaneRequest {
  /**
   * The id given to the vendor where it takes one: a function of run and request, the same on every
   * attempt. 8 to 64 characters of `a-z0-9-`.
   */
  readonly key: string;
  /** The vendor's own name of the model. */
  readonly model: string;
  readonly prompt: string;
  /** Only for models that have such a field; otherwise the plan has put it into the prompt. */
  readonly negativePrompt?: string;
  /** What is wanted; a lane that takes only ratios or classes asks for the smallest that covers it. */
  readonly size: Size;
  readonly quality: Quality;
  /** For the first image; image `i` of the request gets `seed + i` where the model makes several. */
  readonly seed?: number;
  /** 1 to the model's `imagesPerRequest`. */
  readonly count: number;
  readonly references: readonly Reference[];
  /** Asked of the model where it lets one choose. */
  readonly format: ImageFormat;
}

export interface CallContext {
  /** Ends the call: a time-out that fits model, size and quality, or a stop of the engine. */
  readonly signal: AbortSignal;
}

/** Where an image's bytes are: in the answer, or behind an address that soon expires. */
export type ImageSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string };

/** One image of an answer, by its place in the request (0 to count - 1). */
export type LaneImage =
  | {
      readonly index: number;
      readonly kind: 'image';
      readonly source: ImageSource;
      /** Parts of the request that were not followed, and whether the picture is useless without them. */
      readonly leftOut?: { readonly words: string; readonly spoils: boolean };
    }
  | {
      readonly index: number;
      readonly kind: 'refused';
      readonly stage: RefusalStage;
      readonly category?: RefusalCategory;
      readonly words: string;
    }
  | { readonly index: number; readonly kind: 'failed'; readonly words: string };

/**
 * A complete answer. Images that were asked for and are not in it count as "not returned".
 * `usdMicros` is what the vendor says that it billed for this request, where it says so.
 */
export interface Answered {
  readonly kind: 'answered';
  readonly images: readonly LaneImage[];
  readonly usdMicros?: number;
  readonly limits?: readonly LimitReading[];
}

/** The vendor took the task; `ref` is stored before anything else is done, and then polled. */
export interface Accepted {
  readonly kind: 'accepted';
  /** What `poll` needs to go on, also in another process (an id or a polling address). */
  readonly ref: string;
  readonly pollAfterMs: number;
  readonly usdMicros?: number;
  readonly limits?: readonly LimitReading[];
}

/** Not done yet; ask again after `pollAfterMs`. */
export interface Pending {
  readonly kind: 'pending';
  readonly pollAfterMs: number;
}

export interface Failed {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** What the vendor billed in spite of the failure, where it says so. */
  readonly usdMicros?: number;
  readonly limits?: readonly LimitReading[];
}

export type SubmitAnswer = Answered | Accepted | Failed;
/** A `Failed` poll whose failure is `unknown`, `overloaded`, … only says that the asking went wrong. */
export type PollAnswer = Answered | Pending | Failed;
/**
 * What is found is told by the vendor's id, also when it has ended: the id is stored before anything is
 * made of the answer. `nothing` proves that the vendor never took the request only once its longest call
 * time is over.
 */
export type FindAnswer = Accepted | { readonly kind: 'nothing' } | Failed;

/**
 * Bytes of an image, or why they cannot be had. `expired` may be cured by polling again; `forbidden` is
 * an address that we do not go to.
 */
export type FetchAnswer =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'expired'; readonly words: string }
  | { readonly kind: 'forbidden'; readonly words: string }
  | { readonly kind: 'interrupted'; readonly words: string };

/** What every lane is. */
export interface LaneIdentity {
  /** Name of the vendor: `openai`, `bfl`, `kling`, `demo`. */
  readonly vendor: string;
  /** A fingerprint of the account, safe to store and show; limits are counted under it. */
  readonly account: string;
}

/** A vendor's own price of a request before it is sent, or what it says that a request has cost. */
export type QuoteAnswer = { readonly kind: 'quoted'; readonly usdMicros: number } | Failed;

/** One line of a vendor's usage report. */
export interface UsageLine {
  /** The vendor's id of the task, or our own key, where the report has one. */
  readonly ref?: string;
  readonly model?: string;
  readonly images?: number;
  readonly usdMicros?: number;
  /** Milliseconds since 1970: the moment, or the start of the bucket that the line sums up. */
  readonly at: number;
  /** Length of the bucket; absent: the line is of one task. */
  readonly spanMs?: number;
}

/** Asked for the time between two moments; a report may be rounded to whole buckets. */
export type UsageAnswer = { readonly kind: 'usage'; readonly lines: readonly UsageLine[] } | Failed;

export interface VendorLane extends LaneIdentity {
  submit(request: LaneRequest, context: CallContext): Promise<SubmitAnswer>;
  /** Present where `submit` answers `accepted`. */
  poll?(ref: string, request: LaneRequest, context: CallContext): Promise<PollAnswer>;
  /** Downloads an image by its address; present where images come by address. Free to repeat. */
  fetch?(url: string, context: CallContext): Promise<FetchAnswer>;
  /** Looks a request up by our own key; present where the vendor can. */
  find?(request: LaneRequest, context: CallContext): Promise<FindAnswer>;
  /** Keeps a reference at the vendor, so that it is sent once; present where the vendor can. */
  uploadReference?(reference: ReferenceBytes, context: CallContext): Promise<UploadAnswer>;
  /** Asks for the price of a request without making it; present where the vendor quotes for nothing. */
  quote?(request: LaneRequest, context: CallContext): Promise<QuoteAnswer>;
  /** The vendor's own report of what was billed from `from` to `to`; present where one can be had. */
  usage?(
    period: { readonly from: number; readonly to: number },
    context: CallContext,
  ): Promise<UsageAnswer>;
}

// Bundles: many requests, each of another row, in one call.

/** Requests that travel together: the lines of a vendor's batch file, or the prompts of one call. */
export interface LaneBundle {
  /** Our id of the bundle, given to the vendor where it takes one: the same on every sending of it. */
  readonly key: string;
  /** The vendor's own name of the model, the same for all. */
  readonly model: string;
  /** All with references or all without: OpenAI's batches have one endpoint, and references another. */
  readonly requests: readonly LaneRequest[];
}

/** What became of one request of a bundle, by its key. */
export interface BundleLine {
  readonly key: string;
  /**
   * `Failed` as for a single request: a refusal, an invalid line, …; `overloaded` promises that nothing
   * was made of this line (it expired, or the bundle was cancelled before its turn).
   */
  readonly answer: Answered | Failed;
}

/** All requests of the bundle have ended; lines that are not given count as "not returned". */
export interface BundleAnswered {
  readonly kind: 'answered';
  readonly lines: readonly BundleLine[];
  readonly limits?: readonly LimitReading[];
}

/** The bundle has ended and its lines can be read with `results(ref)`. */
export interface BundleEnded {
  readonly kind: 'ended';
}

/** Not ended yet, with how many of its requests have, where the vendor tells. */
export interface BundlePending extends Pending {
  readonly completed?: number;
}

/**
 * `Failed` speaks of the whole bundle: nothing of it was made (`refused`, `invalid-request`, …), or
 * nobody can tell (`unknown`).
 */
export type BundleSubmitAnswer = BundleAnswered | Accepted | Failed;
/**
 * A poll that failed as `rate-limited`, `overloaded`, `not-sent`, `key-unusable` or `unknown` only says
 * that the asking went wrong. Every other kind is the vendor's last word on the bundle: it was looked
 * at, and nothing of it was made.
 */
export type BundlePollAnswer = BundlePending | BundleEnded | Failed;
export type BundleFindAnswer = BundleAnswered | Accepted | { readonly kind: 'nothing' } | Failed;

/**
 * A lane whose one call carries many requests. Like a `VendorLane` it never retries, and knows no
 * ledger, no run and no disk. The same `key` is given on every sending of a bundle, so that one whose
 * answer was lost is found again instead of being bought twice.
 */
export interface BundleLane extends LaneIdentity {
  /** The vendor makes a key once at most, so that a lost sending may be repeated. */
  readonly makesKeyOnce?: true;
  submit(bundle: LaneBundle, context: CallContext): Promise<BundleSubmitAnswer>;
  /** Present, like `results`, where `submit` answers `accepted`. */
  poll?(ref: string, context: CallContext): Promise<BundlePollAnswer>;
  /**
   * Reads the lines of an ended bundle one after the other, never the whole at once. `requests` are
   * those that are still of interest. Throws when the reading breaks off: it is free to repeat.
   */
  results?(
    ref: string,
    requests: readonly LaneRequest[],
    context: CallContext,
  ): AsyncIterable<BundleLine>;
  /** Looks a bundle up by our own key; present where the vendor can. */
  find?(key: string, context: CallContext): Promise<BundleFindAnswer>;
  /** Asks the vendor to stop; what is made already is kept, and is in the results. */
  cancel?(ref: string, context: CallContext): Promise<{ readonly kind: 'cancelling' } | Failed>;
  /** Downloads an image by its address; present where lines bring addresses. */
  fetch?(url: string, context: CallContext): Promise<FetchAnswer>;
  uploadReference?(reference: ReferenceBytes, context: CallContext): Promise<UploadAnswer>;
  /** Asks for the price of a bundle without making it; present where the vendor quotes for nothing. */
  quote?(bundle: LaneBundle, context: CallContext): Promise<QuoteAnswer>;
}
