/**
 * The seam to the vendors. A lane is one vendor account's way to a model. It turns a request into the
 * vendor's wire protocol and the answer into our words; it never retries, and knows no ledger, no run
 * and no disk. Everything that went wrong comes back as a value of the closed union `Failure`.
 */
import type { Failure } from '../core/failure.ts';
import type { LimitReading } from '../core/limit.ts';
import type { ImageFormat, Quality } from '../core/quality.ts';
import type { Size } from '../core/size.ts';

/** A picture that a row refers to: bytes that we read, or an address that the vendor reads. */
export type Reference =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly kind: 'url'; readonly url: string };

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
  | { readonly index: number; readonly kind: 'image'; readonly source: ImageSource }
  | {
      readonly index: number;
      readonly kind: 'refused';
      readonly stage: 'input' | 'output';
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
/** `nothing` proves that the vendor never took the request only once its longest call time is over. */
export type FindAnswer = Answered | Accepted | { readonly kind: 'nothing' } | Failed;

/**
 * Bytes of an image, or why they cannot be had. `expired` may be cured by polling again; `forbidden` is
 * an address that we do not go to.
 */
export type FetchAnswer =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'expired'; readonly words: string }
  | { readonly kind: 'forbidden'; readonly words: string }
  | { readonly kind: 'interrupted'; readonly words: string };

export interface VendorLane {
  /** Name of the vendor: `openai`, `bfl`, `kling`, `demo`. */
  readonly vendor: string;
  /** A fingerprint of the account, safe to store and show; limits are counted under it. */
  readonly account: string;
  submit(request: LaneRequest, context: CallContext): Promise<SubmitAnswer>;
  /** Present where `submit` answers `accepted`. */
  poll?(ref: string, request: LaneRequest, context: CallContext): Promise<PollAnswer>;
  /** Downloads an image by its address; present where images come by address. Free to repeat. */
  fetch?(url: string, context: CallContext): Promise<FetchAnswer>;
  /** Looks a request up by our own key; present where the vendor can. */
  find?(request: LaneRequest, context: CallContext): Promise<FindAnswer>;
}
