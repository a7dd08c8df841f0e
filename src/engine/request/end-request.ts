/** How an attempt ends: what each end means in the store, in one place for requests and bundles. */
import type { Clock } from '../core/clock.ts';
import type { FailureKind } from '../core/failure.ts';
import type { LimitReading } from '../core/limit.ts';
import type { ItemOutcome, Verdict } from '../core/outcome.ts';
import type { Random } from '../core/random.ts';
import type { ImageInspector } from '../finish/check/image-inspector.ts';
import type { Limit } from '../core/limit.ts';
import { announcedLessons, passLessons } from './limit-lessons.ts';
import { billOf, type PrepareRequestDeps } from './prepare-request.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { AttemptTicket, Fenced, Lesson, Store } from '../store/store.ts';
import { type ImageLane, storeImages } from './store-images.ts';
import type { Answered, LaneRequest, VendorLane } from '../vendors/vendor.ts';

/** Longest wait between two polls of a task: a vendor's own hint is followed up to here. */
export const LONGEST_POLL_WAIT_MS = 30_000;

/** What the stages of a request work with. */
export interface RequestDeps extends PrepareRequestDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly inspect: ImageInspector;
  readonly clock: Clock;
  readonly random: Random;
  readonly workerId: string;
  /** Aborted when the engine stops at once. */
  readonly stop: AbortSignal;
  /** Keys of limits whose last refusal may be a stray one: what is let through next tells. */
  readonly suspected: Set<string>;
}

export interface RequestLane {
  readonly lane: VendorLane;
  readonly limits: readonly Limit[];
  /** How late after its grant a request may still be sent. */
  readonly marginMs: number;
}

/** How a request ended, for the scheduler: what it did to the lane, and which items have news. */
export type RequestEnd =
  | {
      readonly kind: 'settled';
      readonly items: {
        readonly delivered: number;
        readonly refused: number;
        readonly failed: number;
      };
    }
  | { readonly kind: 'returned'; readonly limited: boolean }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stop-lane'; readonly reason: string }
  /** Another worker has taken it over, or the engine is stopping: nothing was changed. */
  | { readonly kind: 'left' };

/** Bytes are durable before `delivered` is said. */
export async function settleAnswer(
  deps: RequestDeps,
  lane: { readonly lane: ImageLane; readonly limits: readonly Limit[] },
  ticket: AttemptTicket,
  request: LaneRequest,
  answer: Answered,
): Promise<RequestEnd> {
  const stored = await storeImages(deps, lane.lane, request, answer.images, {
    wanted: ticket.row.size,
    ...(ticket.ref !== undefined && { ref: ticket.ref }),
  });
  if (stored.kind === 'left') return { kind: 'left' };
  if (stored.kind === 'not-stored') return unknown(deps, ticket, stored.reason);
  const usdMicros = billOf(ticket, answer);
  const lessons = [
    ...announcedLessons(lane.limits, answer.limits),
    ...passLessons(lane.limits, deps.suspected, ticket.sentAt),
  ];
  return settle(deps, ticket, stored.outcomes, usdMicros, lessons);
}

/** One verdict for all images of a request. What was billed all the same was not left unmade. */
export async function settleAll(
  deps: RequestDeps,
  ticket: AttemptTicket,
  verdict: Verdict,
  usdMicros: number | undefined = 0,
  lessons: readonly Lesson[] = [],
): Promise<RequestEnd> {
  const told = usdMicros > 0 ? billed(verdict) : verdict;
  const outcomes = ticket.indexes.map((_, index): ItemOutcome => ({ index, ...told }));
  return settle(deps, ticket, outcomes, usdMicros, lessons);
}

function billed(verdict: Verdict): Verdict {
  return verdict.state === 'failed' ? { state: 'failed', reason: verdict.reason } : verdict;
}

export async function settle(
  deps: RequestDeps,
  ticket: AttemptTicket,
  outcomes: readonly ItemOutcome[],
  usdMicros: number,
  lessons: readonly Lesson[],
): Promise<RequestEnd> {
  const fenced = await deps.store.settle({
    attemptId: ticket.attemptId,
    runId: ticket.runId,
    workerId: deps.workerId,
    outcomes,
    ...(ticket.row.streak !== undefined && { streak: ticket.row.streak }),
    usdMicros,
    lessons,
  });
  const delivered = outcomes.filter(({ state }) => state === 'delivered').length;
  const refused = outcomes.filter(({ state }) => state === 'refused').length;
  // What was asked for and did not come back is failed as well.
  const failed = ticket.indexes.length - delivered - refused;
  return ended(fenced, { kind: 'settled', items: { delivered, refused, failed } });
}

export async function giveBack(
  deps: RequestDeps,
  ticket: AttemptTicket,
  reason: string,
  how: {
    readonly waitMs: number;
    readonly countsAttempt: boolean;
    readonly lessons?: readonly Lesson[];
    readonly limited?: boolean;
    readonly failure?: FailureKind;
  },
): Promise<RequestEnd> {
  const fenced = await deps.store.returned({
    attemptId: ticket.attemptId,
    runId: ticket.runId,
    workerId: deps.workerId,
    reason,
    notBeforeMs: how.waitMs,
    countsAttempt: how.countsAttempt,
    ...(how.lessons && { lessons: how.lessons }),
    ...(how.failure && { failure: how.failure }),
  });
  return ended(fenced, { kind: 'returned', limited: how.limited ?? false });
}

export async function unknown(
  deps: RequestDeps,
  ticket: AttemptTicket,
  reason: string,
): Promise<RequestEnd> {
  if (ticket.state === 'unknown') return { kind: 'unknown' };
  const fenced = await deps.store.markUnknown(ticket.attemptId, deps.workerId, reason);
  return ended(fenced, { kind: 'unknown' });
}

function ended(fenced: Fenced, end: RequestEnd): RequestEnd {
  return fenced === 'fenced' ? { kind: 'left' } : end;
}

/** The call may take what is left of its longest time, measured on this worker's own clock. */
export function deadlineOf(deps: RequestDeps, ticket: AttemptTicket): number {
  return deps.clock.now() + Math.max(0, ticket.deadlineAt - ticket.sentAt);
}

export function readingsOf(
  answer: { readonly limits?: readonly LimitReading[] } | object,
): readonly LimitReading[] {
  return 'limits' in answer && answer.limits !== undefined ? answer.limits : [];
}

export function usdOf(answer: { readonly usdMicros?: number } | object): number | undefined {
  return 'usdMicros' in answer ? answer.usdMicros : undefined;
}
