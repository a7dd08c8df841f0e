/** What a bundle is carried with, and its words for the lane. */
import type { Limit } from '../core/limit.ts';
import type { RequestDeps, RequestEnd } from '../request/end-request.ts';
import { callVendor } from '../send/send-request.ts';
import type { AttemptTicket } from '../store/store.ts';
import type { BundleLane, LaneBundle, LaneRequest } from '../vendors/vendor.ts';

/** Longest wait of our own between two polls of a bundle. */
export const LONGEST_BUNDLE_POLL_MS = 5 * 60_000;
/** One question about a bundle. */
const ASK_MS = 60_000;
export interface BundleRequestLane {
  readonly lane: BundleLane;
  readonly limits: readonly Limit[];
  readonly marginMs: number;
}

export interface BundleWork {
  readonly deps: RequestDeps;
  readonly lane: BundleRequestLane;
  /** Told of each request that has ended, in the order in which they end. */
  readonly onEnd: (ticket: AttemptTicket, end: RequestEnd) => Promise<void>;
  /** Aborted when what is not made yet shall go another way: the vendor is asked to stop. */
  readonly leave?: AbortSignal;
  /** Aborted when the run stops: a bundle that the vendor has is left there and read at the next start. */
  readonly drain?: AbortSignal;
}

/** A request of a bundle that has not ended yet, in our words and in the lane's. */
export interface Passenger {
  readonly ticket: AttemptTicket;
  readonly request: LaneRequest;
}

export function bundleIdOf(passengers: readonly Passenger[]): string {
  const id = passengers[0]?.ticket.bundleId;
  if (id === undefined) throw new Error('Broken promise: a request travels without a bundle.');
  return id;
}

export function bundleOf(passengers: readonly Passenger[]): LaneBundle {
  return {
    key: `im-${bundleIdOf(passengers)}`,
    model: passengers[0]!.request.model,
    requests: passengers.map(({ request }) => request),
  };
}

/** Pictures of a bundle are fetched by address only; there is no task of one line to ask again. */
export function imageLane({ lane, limits }: BundleRequestLane) {
  return { lane: lane.fetch === undefined ? {} : { fetch: lane.fetch.bind(lane) }, limits };
}

export function ask<Answer>(work: BundleWork, make: (signal: AbortSignal) => Promise<Answer>) {
  const { clock, stop } = work.deps;
  return callVendor({ clock, stop, deadlineAt: clock.now() + ASK_MS, make });
}

/** Waits; stopping, draining and leaving end the wait early. */
export async function pause(
  { deps, drain, leave }: BundleWork,
  waitMs: number,
  heedsLeave = true,
): Promise<void> {
  const signals = [deps.stop, drain, heedsLeave ? leave : undefined].filter(
    (signal) => signal !== undefined && !signal.aborted,
  ) as AbortSignal[];
  await deps.clock.sleep(Math.max(0, waitMs), AbortSignal.any(signals));
}

/** The process ends or the run stops: what the vendor has can be asked for later. */
export function isLeft({ deps, drain }: BundleWork): boolean {
  return deps.stop.aborted || drain?.aborted === true;
}
