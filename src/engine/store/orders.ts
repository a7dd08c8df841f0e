/** What is asked of the store about requests, and what it hands out. */
import type { FailureKind } from '../core/failure.ts';
import type { Obstacle, ShortPurse } from '../core/admission.ts';
import type { Amendment } from '../core/amendment.ts';
import type { BundleRules } from '../core/bundle.ts';
import type { Limit } from '../core/limit.ts';
import type { ItemOutcome } from '../core/outcome.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { Quality } from '../core/quality.ts';
import type { AttemptState } from '../core/request.ts';

/** A request as it is sent: one row's images. */
export interface RequestTicket {
  readonly requestId: string;
  readonly runId: string;
  readonly lane: string;
  readonly row: PlannedRow;
  /** The row's images that it asks for, counted from 1. */
  readonly indexes: readonly number[];
  readonly generation: number;
  readonly countedAttempts: number;
  readonly creditMicrosPerImage: number;
  readonly expectedUsdMicros?: number;
}

export interface AttemptTicket extends RequestTicket {
  readonly attemptId: string;
  readonly attempt: number;
  readonly state: AttemptState;
  readonly sentAt: number;
  readonly deadlineAt: number;
  readonly ref?: string;
  /** The bundle that it travels in, on lanes whose calls carry many requests. */
  readonly bundleId?: string;
  /** What the vendor said that it bills, as far as it said so. */
  readonly usdMicros?: number;
}

export interface AdmitOrder {
  readonly runId: string;
  readonly workerId: string;
  readonly lane: string;
  /** The vendor's account behind the lane; refusals are counted under it. */
  readonly account?: string;
  readonly limits: readonly Limit[];
  /** Most requests to admit in this transaction. */
  readonly most: number;
  readonly longestCallMs: Readonly<Record<Quality, number>>;
  /** Present where a call carries many requests: what is granted travels in one bundle. */
  readonly bundle?: BundleRules;
}

export interface AdmitAnswer {
  /** Of a lane with `bundle`: the requests of one bundle. */
  readonly granted: readonly AttemptTicket[];
  /** What the next request of the lane waits for. */
  readonly obstacle?: Obstacle;
  /** The budget does not reach for any request of the lane. */
  readonly budget?: string;
  /** Whose. */
  readonly budgetOf?: ShortPurse;
  /** The lane has no request that is waiting, or none besides those that were granted. */
  readonly empty: boolean;
  /** Some limit of the vendor's has no figure yet: it is approached slowly. */
  readonly unlearned: boolean;
  /** The store's clock, which `obstacle.until` is measured by. */
  readonly now: number;
  /** How long it took at least, by the store's clock, until `now` was read: it waited for others that admit. */
  readonly waitedMs: number;
  /** This worker may send nothing of the run (any more). */
  readonly fenced?: true;
}

export interface SettleOrder {
  readonly attemptId: string;
  /** Its run: ends of one run that come together share a commit. */
  readonly runId?: string;
  readonly workerId: string;
  /** By place in `indexes` (0 to n - 1). Those that are missing are `failed: not returned`. */
  readonly outcomes: readonly ItemOutcome[];
  /** Place of the row's first image in its model's streak. */
  readonly streak?: number;
  readonly usdMicros: number;
  readonly lessons?: readonly Lesson[];
}

/** What an answer taught, without the moment (the store's clock gives it). */
export interface Lesson {
  readonly limit: Limit;
  readonly announced?: number;
  readonly refused?: { readonly retryAfterMs?: number };
  /** A request that was granted at this moment (of the store's clock) was let through. */
  readonly passed?: { readonly sentAt: number };
}

export interface ReturnOrder {
  readonly attemptId: string;
  /** Its run: ends of one run that come together share a commit. */
  readonly runId?: string;
  readonly workerId: string;
  readonly reason: string;
  readonly notBeforeMs: number;
  readonly countsAttempt: boolean;
  /** What the vendor billed all the same. */
  readonly usdMicros?: number;
  readonly lessons?: readonly Lesson[];
  /** What went wrong; absent: nothing at the vendor. */
  readonly failure?: FailureKind;
}

/** Everything that is still open of a bundle waits again: nothing of it was made. */
export interface BundleReturnOrder {
  readonly bundleId: string;
  readonly workerId: string;
  readonly reason: string;
  readonly notBeforeMs: number;
  readonly countsAttempt: boolean;
  /** What the vendor billed all the same, for all of them together. */
  readonly usdMicros?: number;
  readonly lessons?: readonly Lesson[];
  /** The vendor refuses at least one of them: they become this group. */
  readonly suspectGroup?: string;
  readonly failure?: FailureKind;
}

export interface StoredBundle {
  readonly id: string;
  readonly runId: string;
  readonly lane: string;
  readonly sentAt: number;
  readonly requests: number;
  /** How many of them the vendor said to have ended. */
  readonly completed: number;
  readonly ref?: string;
}

/** How images ended that may be made again. */
export type EndedState = 'refused' | 'failed' | 'unknown';

/** Which ended items are asked for again. */
export interface EndedItems {
  readonly states: readonly ('refused' | 'failed')[];
  /** Only these items; absent: all of the run that ended so. */
  readonly itemIds?: readonly string[];
  /** Of the failed ones only those of which the vendor certainly made nothing. */
  readonly onlyUnmade?: true;
}

/** Images of one request that ended badly, with the row's cells, and their price as it was. */
export interface EndedRequest {
  readonly row: PlannedRow;
  readonly amendment?: Amendment;
  /** Of the row's images, counted from 1. */
  readonly indexes: readonly number[];
  readonly creditMicros: number;
  readonly worstUsdMicros: number | undefined;
  readonly expectedUsdMicros: number | undefined;
}

/** `fenced`: the attempt or job is no longer this worker's (or has ended): nothing was changed. */
export type Fenced = 'done' | 'fenced';

/** An item that has a stored image. */
export interface ItemOfImage {
  readonly runId: string;
  readonly itemId: string;
  readonly row: number;
  readonly index: number;
  /** Path inside the run's out folder. */
  readonly file?: string;
}
