/**
 * The way of one paid request, from its admission to its settlement, to be read from top to bottom.
 * Every branch is here; what it means is decided by `send/retry-policy.ts`, and made durable by the
 * store. After each durable step a crash is harmless: `recover.ts` goes on from what is written.
 */
import type { Clock } from './core/clock.ts';
import type { Failure } from './core/failure.ts';
import type { Limit, LimitReading } from './core/limit.ts';
import type { ItemOutcome } from './core/outcome.ts';
import type { Random } from './core/random.ts';
import type { ImageInspector } from './finish/image-inspector.ts';
import { announcedLessons, passLessons, refusalLessons } from './limit-lessons.ts';
import { billOf, prepareRequest, type PrepareRequestDeps } from './prepare-request.ts';
import { type Decision, decide, decidePoll } from './send/retry-policy.ts';
import { waitMs } from './send/retry-after.ts';
import { callVendor } from './send/send-request.ts';
import type { BlobStore } from './store/blob-store.ts';
import type { AttemptTicket, Fenced, Lesson, Store } from './store/store.ts';
import { storeImages } from './store-images.ts';
import type { Accepted, Answered, FindAnswer, LaneRequest, VendorLane } from './vendors/vendor.ts';

/** Longest wait between two polls: a vendor's own hint is followed up to here. */
const LONGEST_POLL_WAIT_MS = 30_000;

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

/** Sends an admitted request and carries it to its end. `admittedAt` is this worker's clock before admission. */
export async function runRequest(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  admittedAt: number,
): Promise<RequestEnd> {
  const prepared = await prepareRequest(deps, ticket);
  if ('problem' in prepared) return settleAll(deps, ticket, 'failed', prepared.problem);
  const { request } = prepared;
  // A worker that was stalled since its grant may not send: the window has moved on without it.
  if (deps.clock.now() - admittedAt > lane.marginMs) {
    return giveBack(deps, ticket, 'stalled before sending', { waitMs: 0, countsAttempt: false });
  }
  const answer = await callVendor({
    clock: deps.clock,
    deadlineAt: deadlineOf(deps, ticket),
    stop: deps.stop,
    make: (signal) => lane.lane.submit(request, { signal }),
  });
  if (deps.stop.aborted) return { kind: 'left' };
  switch (answer.kind) {
    case 'answered':
      return settleAnswer(deps, lane, ticket, request, answer);
    case 'accepted':
      return followTask(deps, lane, ticket, request, answer);
    case 'failed':
      return afterFailure(deps, lane, ticket, request, answer.failure, readingsOf(answer));
  }
}

/** Goes on with an attempt that another process left behind, from what it had written. */
export async function continueRequest(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
): Promise<RequestEnd> {
  const prepared = await prepareRequest(deps, ticket);
  if ('problem' in prepared) return unknown(deps, ticket, prepared.problem);
  const { request } = prepared;
  if (ticket.ref !== undefined) return pollTask(deps, lane, ticket, request, ticket.ref);
  return lookUp(deps, lane, ticket, request, 'the process ended while the request was being sent');
}

/** The vendor's id is durable before anything else is done with the answer. */
async function followTask(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  request: LaneRequest,
  answer: Accepted,
): Promise<RequestEnd> {
  const known = {
    ref: answer.ref,
    ...(answer.usdMicros !== undefined && { usdMicros: answer.usdMicros }),
  };
  const fenced = await deps.store.accepted(ticket.attemptId, deps.workerId, known);
  if (fenced === 'fenced') return { kind: 'left' };
  await deps.store.learn(announcedLessons(lane.limits, answer.limits));
  await deps.clock.sleep(Math.min(answer.pollAfterMs, LONGEST_POLL_WAIT_MS), deps.stop);
  return pollTask(deps, lane, { ...ticket, ...known, state: 'accepted' }, request, answer.ref);
}

async function pollTask(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  request: LaneRequest,
  ref: string,
): Promise<RequestEnd> {
  // A task that a restart found late gets one more full answer, however old it is.
  const deadlineAt = Math.max(deadlineOf(deps, ticket), deps.clock.now() + LONGEST_POLL_WAIT_MS);
  for (let failures = 0; ;) {
    if (deps.stop.aborted) return { kind: 'left' };
    const answer = await callVendor({
      clock: deps.clock,
      deadlineAt,
      stop: deps.stop,
      make: (signal) => lane.lane.poll!(ref, request, { signal }),
    });
    if (deps.stop.aborted) return { kind: 'left' };
    if (answer.kind === 'answered') {
      const end = await settleAnswer(deps, lane, ticket, request, answer);
      return end;
    }
    const now = deps.clock.now();
    if (answer.kind === 'pending') {
      failures = 0;
      if (now >= deadlineAt) return unknown(deps, ticket, 'still not done after its longest time');
      await deps.clock.sleep(Math.min(answer.pollAfterMs, LONGEST_POLL_WAIT_MS), deps.stop);
      continue;
    }
    const decision = decidePoll(answer.failure, {
      failures,
      now,
      giveUpAt: deadlineAt,
      random: deps.random,
    });
    if (decision.kind === 'settle') {
      return settleAll(deps, ticket, decision.state, decision.reason, usdOf(answer));
    }
    if (decision.kind === 'unknown') return unknown(deps, ticket, decision.reason);
    failures += 1;
    await deps.clock.sleep(decision.notBeforeMs - now, deps.stop);
  }
}

/** Bytes are durable before `delivered` is said. */
async function settleAnswer(
  deps: RequestDeps,
  lane: RequestLane,
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
  const usdMicros = billOf(ticket, answer, stored.outcomes);
  const lessons = [
    ...announcedLessons(lane.limits, answer.limits),
    ...passLessons(lane.limits, deps.suspected, ticket.sentAt),
  ];
  return settle(deps, ticket, stored.outcomes, usdMicros, lessons);
}

async function afterFailure(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  request: LaneRequest,
  failure: Failure,
  readings: readonly LimitReading[],
): Promise<RequestEnd> {
  const decision: Decision = decide(failure, {
    attempts: ticket.countedAttempts,
    sendings: ticket.attempt - 1,
    now: deps.clock.now(),
    canFind: lane.lane.find !== undefined,
    random: deps.random,
  });
  switch (decision.kind) {
    case 'resend': {
      const lessons = [
        ...announcedLessons(lane.limits, readings),
        ...refusalLessons(lane.limits, deps.suspected, failure),
      ];
      const pauseMs = Math.max(0, decision.notBeforeMs - deps.clock.now());
      const limited = failure.kind === 'rate-limited' || failure.kind === 'slots-full';
      return giveBack(deps, ticket, decision.reason, {
        // A limit that says when it has room wakes the request itself.
        waitMs: limited ? 0 : pauseMs,
        countsAttempt: decision.countsAttempt,
        lessons,
        limited,
      });
    }
    case 'look-up':
      return lookUp(deps, lane, ticket, request, failure.words);
    case 'settle':
      return settleAll(
        deps,
        ticket,
        decision.state,
        decision.reason,
        0,
        announcedLessons(lane.limits, readings),
      );
    case 'unknown':
      return unknown(deps, ticket, decision.reason);
    case 'stop-lane': {
      await giveBack(deps, ticket, decision.reason, { waitMs: 0, countsAttempt: false });
      return { kind: 'stop-lane', reason: decision.reason };
    }
  }
}

/**
 * Asks the vendor for a request by our own key. That nothing is found proves nothing yet: the lost
 * sending may still be on its way. So the hold is kept, and the request is submitted once more with the
 * same key, for which the vendor makes one task at most, whichever sending arrives first.
 */
async function lookUp(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  request: LaneRequest,
  reason: string,
): Promise<RequestEnd> {
  if (lane.lane.find === undefined) return unknown(deps, ticket, reason);
  const giveUpAt = deadlineOf(deps, ticket);
  for (let repetition = 0; deps.clock.now() < giveUpAt; repetition += 1) {
    if (repetition > 0) {
      const pauseMs = waitMs({ repetition: repetition - 1, random: deps.random });
      await deps.clock.sleep(pauseMs, deps.stop);
    }
    if (deps.stop.aborted) return { kind: 'left' };
    const found = await findOrSubmit(deps, lane, request);
    if (deps.stop.aborted) return { kind: 'left' };
    if (found.kind === 'answered') return settleAnswer(deps, lane, ticket, request, found);
    if (found.kind === 'accepted') return followTask(deps, lane, ticket, request, found);
    if (found.kind === 'nothing') continue;
    const { kind, words } = found.failure;
    if (kind === 'refused') return settleAll(deps, ticket, 'refused', words, usdOf(found));
    if (kind === 'task-failed' || kind === 'invalid-request') {
      return settleAll(deps, ticket, 'failed', words, usdOf(found));
    }
  }
  return unknown(deps, ticket, reason);
}

async function findOrSubmit(
  deps: RequestDeps,
  lane: RequestLane,
  request: LaneRequest,
): Promise<FindAnswer> {
  const ask = <Answer>(make: (signal: AbortSignal) => Promise<Answer>) =>
    callVendor({
      clock: deps.clock,
      deadlineAt: deps.clock.now() + LONGEST_POLL_WAIT_MS,
      stop: deps.stop,
      make,
    });
  const found = await ask((signal) => lane.lane.find!(request, { signal }));
  // A window's grant lets one sending through; slots are still held for this very attempt.
  const maySubmit = lane.limits.every((limit) => limit.kind === 'slots' || !limit.learnable);
  if (found.kind !== 'nothing' || !maySubmit || deps.stop.aborted) return found;
  return ask((signal) => lane.lane.submit(request, { signal }));
}

async function settleAll(
  deps: RequestDeps,
  ticket: AttemptTicket,
  state: 'refused' | 'failed',
  reason: string,
  usdMicros: number | undefined = 0,
  lessons: readonly Lesson[] = [],
): Promise<RequestEnd> {
  const outcomes = ticket.indexes.map((_, index): ItemOutcome => ({ index, state, reason }));
  return settle(deps, ticket, outcomes, usdMicros ?? 0, lessons);
}

async function settle(
  deps: RequestDeps,
  ticket: AttemptTicket,
  outcomes: readonly ItemOutcome[],
  usdMicros: number,
  lessons: readonly Lesson[],
): Promise<RequestEnd> {
  const fenced = await deps.store.settle({
    attemptId: ticket.attemptId,
    workerId: deps.workerId,
    outcomes,
    usdMicros,
    lessons,
  });
  const delivered = outcomes.filter(({ state }) => state === 'delivered').length;
  const refused = outcomes.filter(({ state }) => state === 'refused').length;
  // What was asked for and did not come back is failed as well.
  const failed = ticket.indexes.length - delivered - refused;
  return ended(fenced, { kind: 'settled', items: { delivered, refused, failed } });
}

async function giveBack(
  deps: RequestDeps,
  ticket: AttemptTicket,
  reason: string,
  how: {
    readonly waitMs: number;
    readonly countsAttempt: boolean;
    readonly lessons?: readonly Lesson[];
    readonly limited?: boolean;
  },
): Promise<RequestEnd> {
  const fenced = await deps.store.returned({
    attemptId: ticket.attemptId,
    workerId: deps.workerId,
    reason,
    notBeforeMs: how.waitMs,
    countsAttempt: how.countsAttempt,
    ...(how.lessons && { lessons: how.lessons }),
  });
  return ended(fenced, { kind: 'returned', limited: how.limited ?? false });
}

async function unknown(
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
function deadlineOf(deps: RequestDeps, ticket: AttemptTicket): number {
  return deps.clock.now() + Math.max(0, ticket.deadlineAt - ticket.sentAt);
}

function readingsOf(
  answer: { readonly limits?: readonly LimitReading[] } | object,
): readonly LimitReading[] {
  return 'limits' in answer && answer.limits !== undefined ? answer.limits : [];
}

function usdOf(answer: { readonly usdMicros?: number } | object): number | undefined {
  return 'usdMicros' in answer ? answer.usdMicros : undefined;
}
