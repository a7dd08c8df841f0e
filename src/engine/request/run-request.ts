/**
 * The way of one paid request, from its admission to its settlement, to be read from top to bottom.
 * Every branch is here; what it means is decided by `send/retry-policy.ts`, and made durable by the
 * store. After each durable step a crash is harmless: `recover.ts` goes on from what is written.
 */
import {
  deadlineOf,
  giveBack,
  LONGEST_POLL_WAIT_MS,
  readingsOf,
  type RequestDeps,
  type RequestEnd,
  type RequestLane,
  settleAll,
  settleAnswer,
  unknown,
  usdOf,
} from './end-request.ts';
import { announcedLessons, refusalLessons } from './limit-lessons.ts';
import { prepareRequest } from './prepare-request.ts';
import { type Decision, decide, decidePoll, lastWord } from '../send/retry-policy.ts';
import { waitMs } from '../send/retry-after.ts';
import { callVendor } from '../send/send-request.ts';
import type { AttemptTicket } from '../store/store.ts';
import type { Accepted, Failed, FindAnswer, LaneRequest, SubmitAnswer } from '../vendors/vendor.ts';

export type { RequestDeps, RequestEnd, RequestLane } from './end-request.ts';

/** Sends an admitted request and carries it to its end. `admittedAt` is this worker's clock before admission. */
export async function runRequest(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  admittedAt: number,
): Promise<RequestEnd> {
  const prepared = await prepareRequest(deps, ticket, lane.lane);
  if ('problem' in prepared) {
    return settleAll(deps, ticket, { state: 'failed', reason: prepared.problem });
  }
  const { request } = prepared;
  // A worker that was stalled since its grant may not send: the window has moved on without it.
  if (deps.clock.now() - admittedAt > lane.marginMs) {
    // A machine that is too busy to send in time is not helped by being asked again at once.
    const pauseMs = waitMs({ repetition: ticket.attempt - 1, random: deps.random });
    const how = { waitMs: pauseMs, countsAttempt: false };
    return giveBack(deps, ticket, 'stalled before sending', how);
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
      return afterFailure(deps, lane, ticket, request, answer);
  }
}

/** Goes on with an attempt that another process left behind, from what it had written. */
export async function continueRequest(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
): Promise<RequestEnd> {
  // One that the vendor has is only asked about; another may have to be submitted again.
  const sender = ticket.ref === undefined ? lane.lane : undefined;
  const prepared = await prepareRequest(deps, ticket, sender);
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
      return settleAll(deps, ticket, decision.verdict, usdOf(answer));
    }
    if (decision.kind === 'unknown') return unknown(deps, ticket, decision.reason);
    failures += 1;
    await deps.clock.sleep(decision.notBeforeMs - now, deps.stop);
  }
}

async function afterFailure(
  deps: RequestDeps,
  lane: RequestLane,
  ticket: AttemptTicket,
  request: LaneRequest,
  answer: Failed,
): Promise<RequestEnd> {
  const { failure } = answer;
  const readings = readingsOf(answer);
  // A picture that the vendor was thought to keep may be gone there: the next time it is sent anew.
  if (failure.kind === 'invalid-request' && request.references.length > 0) {
    await deps.references.forget(lane.lane.account, request.references);
  }
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
        failure: failure.kind,
      });
    }
    case 'look-up':
      return lookUp(deps, lane, ticket, request, failure.words);
    case 'settle':
      return settleAll(
        deps,
        ticket,
        decision.verdict,
        answer.usdMicros,
        announcedLessons(lane.limits, readings),
      );
    case 'unknown':
      return unknown(deps, ticket, decision.reason);
    case 'stop-lane': {
      await giveBack(deps, ticket, decision.reason, {
        waitMs: 0,
        countsAttempt: false,
        failure: failure.kind,
      });
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
    const verdict = lastWord(found.failure);
    if (verdict !== undefined) return settleAll(deps, ticket, verdict, usdOf(found));
  }
  return unknown(deps, ticket, reason);
}

async function findOrSubmit(
  deps: RequestDeps,
  lane: RequestLane,
  request: LaneRequest,
): Promise<FindAnswer | SubmitAnswer> {
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
