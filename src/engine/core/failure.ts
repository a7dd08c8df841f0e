import type { RefusalCategory, RefusalStage } from './refusal.ts';

/**
 * What can go wrong with one sending of a request, as a closed union. An adapter decides it from the
 * answer's status, code and body, never from the words of a message. What follows from each kind is
 * `retry-policy.ts`'s decision alone.
 *
 * "Nothing was made" is a promise: only kinds that carry it may be sent again without being asked.
 */
export type Failure =
  /** The vendor's pace was exceeded. Nothing was made. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs?: number; readonly words: string }
  /** Too many tasks of this account are active. Nothing was made. */
  | { readonly kind: 'slots-full'; readonly retryAfterMs?: number; readonly words: string }
  /** The vendor answered in its own error shape that it is too busy. Nothing was made. */
  | { readonly kind: 'overloaded'; readonly retryAfterMs?: number; readonly words: string }
  /** The connection could not be opened, so that no byte of the request left. Nothing was made. */
  | { readonly kind: 'not-sent'; readonly words: string }
  /** The account's money or quota is used up: every further request would be refused as well. */
  | { readonly kind: 'account-exhausted'; readonly words: string }
  /** The key is missing, wrong, or not allowed to use this model. */
  | { readonly kind: 'key-unusable'; readonly words: string }
  /** The model is no longer (or not) served. */
  | { readonly kind: 'model-gone'; readonly words: string }
  /** The vendor's policy said no to the prompt (`input`) or to the picture (`output`). */
  | {
      readonly kind: 'refused';
      readonly stage: RefusalStage;
      readonly category?: RefusalCategory;
      readonly words: string;
    }
  /** The vendor did not accept the request as it stands. Nothing was made. */
  | { readonly kind: 'invalid-request'; readonly words: string }
  /** Our id is known to the vendor already: the earlier sending arrived. It can be fetched. */
  | { readonly kind: 'duplicate'; readonly words: string }
  /** The vendor took the task and says that it failed. */
  | { readonly kind: 'task-failed'; readonly words: string }
  /** Sent, and no answer that tells what happened: a time-out, a cut reply, a 500, 502 or 504. */
  | { readonly kind: 'unknown'; readonly words: string };

export type FailureKind = Failure['kind'];
