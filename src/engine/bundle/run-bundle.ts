/**
 * The way of one bundle, from its admission to the end of each of its requests, to be read from top to
 * bottom. Every request in it has its own hold and its own end, told as soon as it is there; the bundle
 * has the one call. After each durable step a crash is harmless: `continueBundle` goes on from what is
 * written, and finds a bundle whose answer was lost by our own key.
 */
import {
  leaveAll,
  loseAll,
  prepareAll,
  putBackUnmade,
  putBack,
  settleEvery,
  settleLine,
  settleLines,
  settleMissing,
  type Unmade,
  wordAgain,
} from './bundle-ends.ts';
import {
  ask,
  type BundleWork,
  bundleIdOf,
  bundleOf,
  isLeft,
  LONGEST_BUNDLE_POLL_MS,
  type Passenger,
  pause,
} from './bundle-work.ts';
import type { Failure, FailureKind } from '../core/failure.ts';
import { digest } from '../core/ids.ts';
import { readingsOf, usdOf } from '../request/end-request.ts';
import { announcedLessons, refusalLessons } from '../request/limit-lessons.ts';
import { readBundleResults } from './read-bundle-results.ts';
import { decide, decidePoll, lastWord } from '../send/retry-policy.ts';
import { waitMs } from '../send/retry-after.ts';
import { callVendor } from '../send/send-request.ts';
import type { AttemptTicket, Lesson } from '../store/store.ts';
import type { BundleFindAnswer, Failed } from '../vendors/vendor.ts';

/** The longest that handing over a bundle can take, its files included; then a lookup proves something. */
export const BUNDLE_SUBMIT_MS = 15 * 60_000;
/** A restart gives a bundle at least this long to be read, however late it comes. */
const LEAST_READING_MS = 60 * 60_000;
/** Between two tries at a full queue that no limit of ours watches: each hands over a whole file. */
const FULL_QUEUE_WAIT_MS = 5 * 60_000;

/** What a poll says of the bundle itself, and not of the asking (`BundlePollAnswer`). */
const TOOK_NOTHING: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'invalid-request',
  'refused',
  'slots-full',
  'account-exhausted',
  'model-gone',
]);

/** Sends an admitted bundle and carries all of it to its end. */
export async function runBundle(
  work: BundleWork,
  tickets: readonly AttemptTicket[],
  admittedAt: number,
): Promise<void> {
  const passengers = await prepareAll(work, tickets);
  if (passengers.length === 0) return;
  if (work.deps.clock.now() - admittedAt > work.lane.marginMs) {
    const repetition = passengers[0]!.ticket.attempt - 1;
    const pauseMs = waitMs({ repetition, random: work.deps.random });
    return putBack(work, passengers, 'stalled before sending', { waitMs: pauseMs });
  }
  const { deps, lane } = work;
  const answer = await callVendor({
    clock: deps.clock,
    deadlineAt: deps.clock.now() + longestSubmitMs(work, passengers),
    stop: deps.stop,
    make: (signal) => lane.lane.submit(bundleOf(passengers), { signal }),
  });
  if (deps.stop.aborted) return leaveAll(work, passengers);
  switch (answer.kind) {
    case 'answered':
      await deps.store.learn(announcedLessons(lane.limits, answer.limits));
      return settleLines(work, passengers, answer.lines);
    case 'accepted':
      return follow(work, passengers, answer.ref, answer.pollAfterMs);
    case 'failed':
      return afterFailure(work, passengers, answer);
  }
}

/** Goes on with a bundle that another process left behind. */
export async function continueBundle(
  work: BundleWork,
  tickets: readonly AttemptTicket[],
): Promise<void> {
  const passengers = await prepareAll(work, tickets, 'keep');
  if (passengers.length === 0) return;
  const { ref } = passengers[0]!.ticket;
  if (ref !== undefined) return pollBundle(work, passengers, ref);
  return lookUp(work, passengers, 'the process ended while the bundle was being sent');
}

/** The vendor's id is durable before anything else is done with the answer. */
async function follow(
  work: BundleWork,
  passengers: readonly Passenger[],
  ref: string,
  pollAfterMs: number,
): Promise<void> {
  const { deps } = work;
  const accepted = await deps.store.bundleAccepted(bundleIdOf(passengers), deps.workerId, ref);
  if (accepted === 'fenced') return leaveAll(work, passengers);
  await pause(work, pollWaitMs(pollAfterMs, 0));
  return pollBundle(
    work,
    passengers.map(({ ticket, request }) => ({
      ticket: { ...ticket, ref, state: 'accepted' },
      request,
    })),
    ref,
  );
}

async function pollBundle(
  work: BundleWork,
  passengers: readonly Passenger[],
  ref: string,
): Promise<void> {
  const { deps, lane } = work;
  const { ticket } = passengers[0]!;
  const left = Math.max(0, ticket.deadlineAt - (await deps.store.now()));
  const giveUpAt = deps.clock.now() + Math.max(left, LEAST_READING_MS);
  let askedToStop = false;
  for (let failures = 0; ;) {
    if (isLeft(work)) return leaveAll(work, passengers);
    if (work.leave?.aborted === true && !askedToStop) {
      askedToStop = await askToStop(work, ref);
    }
    const answer = await ask(work, (signal) => lane.lane.poll!(ref, { signal }));
    if (deps.stop.aborted) return leaveAll(work, passengers);
    if (answer.kind === 'ended') return readResults(work, passengers, ref);
    if (answer.kind === 'pending') {
      failures = 0;
      if (answer.completed !== undefined) {
        await deps.store.bundleProgress(bundleIdOf(passengers), answer.completed);
      }
      if (deps.clock.now() >= giveUpAt) {
        return loseAll(work, passengers, 'still not done after its longest time');
      }
      await pause(work, pollWaitMs(answer.pollAfterMs, await ageOf(work, ticket)), !askedToStop);
      continue;
    }
    // The vendor looked at the bundle and took nothing of it.
    if (TOOK_NOTHING.has(answer.failure.kind)) return afterFailure(work, passengers, answer);
    const decision = decidePoll(answer.failure, {
      failures,
      now: deps.clock.now(),
      giveUpAt,
      random: deps.random,
    });
    if (decision.kind === 'settle') {
      return settleEvery(work, passengers, decision.verdict, usdOf(answer));
    }
    if (decision.kind === 'unknown') return loseAll(work, passengers, decision.reason);
    failures += 1;
    await pause(work, decision.notBeforeMs - deps.clock.now(), !askedToStop);
  }
}

/** A bundle that has taken hours is asked for less often: a twentieth of its age is no delay to it. */
function pollWaitMs(pollAfterMs: number, ageMs: number): number {
  return Math.min(LONGEST_BUNDLE_POLL_MS, Math.max(pollAfterMs, ageMs / 20));
}

async function ageOf({ deps }: BundleWork, ticket: AttemptTicket): Promise<number> {
  return (await deps.store.now()) - ticket.sentAt;
}

/** A failed question is asked again with the next poll. */
async function askToStop(work: BundleWork, ref: string): Promise<boolean> {
  const { lane } = work.lane;
  if (lane.cancel === undefined) return true;
  const answer = await ask(work, (signal) => lane.cancel!(ref, { signal }));
  return answer.kind === 'cancelling';
}

async function readResults(
  work: BundleWork,
  passengers: readonly Passenger[],
  ref: string,
): Promise<void> {
  const unmade: Unmade[] = [];
  const missing = await readBundleResults(work, passengers, ref, async (passenger, line) => {
    const reason = await settleLine(work, passenger, line);
    if (reason !== undefined) unmade.push({ passenger, reason });
  });
  if (missing.kind !== 'left') await putBackUnmade(work, unmade);
  if (missing.kind === 'broken-off') return loseAll(work, missing.passengers, missing.reason);
  if (missing.kind === 'left') {
    return leaveAll(work, [...missing.passengers, ...unmade.map(({ passenger }) => passenger)]);
  }
  for (const passenger of missing.passengers) await settleMissing(work, passenger);
}

async function afterFailure(
  work: BundleWork,
  passengers: readonly Passenger[],
  answer: Failed,
): Promise<void> {
  const { deps, lane } = work;
  const { failure, usdMicros } = answer;
  const lessons = lessonsOf(work, answer);
  const [first] = passengers;
  const decision = decide(failure, {
    attempts: Math.max(...passengers.map(({ ticket }) => ticket.countedAttempts)),
    sendings: first!.ticket.attempt - 1,
    now: deps.clock.now(),
    canFind: lane.lane.find !== undefined,
    random: deps.random,
  });
  switch (decision.kind) {
    case 'resend':
      return putBack(work, passengers, decision.reason, {
        waitMs: paceWaitMs(failure, lessons, decision.notBeforeMs - deps.clock.now()),
        countsAttempt: decision.countsAttempt,
        limited: isPace(failure),
        lessons,
        failure: failure.kind,
      });
    case 'look-up':
      return lookUp(work, passengers, failure.words);
    case 'settle':
      // One of them is refused, and nobody says which: nothing was made of any, so halves are asked.
      return decision.verdict.state === 'refused' && passengers.length > 1
        ? putBack(work, passengers, decision.verdict.reason, {
            waitMs: 0,
            lessons,
            suspectGroup: groupOf(passengers),
            ...(usdMicros !== undefined && { usdMicros }),
          })
        : settleEvery(work, passengers, decision.verdict, usdMicros);
    case 'unknown':
      return loseAll(work, passengers, decision.reason);
    case 'stop-lane':
      return putBack(work, passengers, decision.reason, {
        waitMs: 0,
        stopsLane: true,
        failure: failure.kind,
      });
  }
}

/**
 * Asks the vendor for a bundle by our own key. That nothing is found proves that nothing was taken only
 * when the longest time of handing it over has passed; until then it is asked again.
 */
async function lookUp(
  work: BundleWork,
  passengers: readonly Passenger[],
  reason: string,
): Promise<void> {
  const { deps, lane } = work;
  if (lane.lane.find === undefined) return loseAll(work, passengers, reason);
  const { sentAt } = passengers[0]!.ticket;
  const longestMs = longestSubmitMs(work, passengers);
  const provenAt = deps.clock.now() + Math.max(0, sentAt + longestMs - (await deps.store.now()));
  // A vendor that cannot be asked for this long leaves the outcome unknown; the next start asks again.
  const giveUpAt = provenAt + longestMs;
  for (let repetition = 0; ; repetition += 1) {
    const isProof = deps.clock.now() >= provenAt;
    const found = await findOrSubmit(work, passengers);
    if (deps.stop.aborted) return leaveAll(work, passengers);
    if (found.kind === 'answered') return settleLines(work, passengers, found.lines);
    if (found.kind === 'accepted') return follow(work, passengers, found.ref, found.pollAfterMs);
    if (found.kind === 'nothing' && isProof) {
      return putBack(work, passengers, `${reason}; the vendor never took it`, { waitMs: 0 });
    }
    if (found.kind === 'failed' && lastWord(found.failure) !== undefined) {
      return afterFailure(work, passengers, found);
    }
    if (found.kind === 'failed' && deps.clock.now() >= giveUpAt) {
      return loseAll(work, passengers, reason);
    }
    if (isLeft(work)) return leaveAll(work, passengers);
    await pause(work, waitMs({ repetition, random: deps.random }), false);
    if (isLeft(work)) return leaveAll(work, passengers);
  }
}

/**
 * Where the vendor makes a key once at most, a bundle that is not found is sent again under the same
 * hold, whichever sending arrives first. A window's grant lets one sending through, so not there.
 */
async function findOrSubmit(
  work: BundleWork,
  passengers: readonly Passenger[],
): Promise<BundleFindAnswer> {
  const { deps, lane } = work;
  const bundle = bundleOf(passengers);
  const found = await ask(work, (signal) => lane.lane.find!(bundle.key, { signal }));
  const maySubmit = lane.limits.every((limit) => limit.kind === 'slots' || !limit.learnable);
  if (found.kind !== 'nothing' || lane.lane.makesKeyOnce !== true || !maySubmit || isLeft(work)) {
    return found;
  }
  // What an earlier process had sent was worded for asking only, without its references.
  const requests = await wordAgain(work, passengers);
  if (requests === undefined) return found;
  return callVendor({
    clock: deps.clock,
    deadlineAt: deps.clock.now() + longestSubmitMs(work, passengers),
    stop: deps.stop,
    make: (signal) => lane.lane.submit({ ...bundle, requests }, { signal }),
  });
}

/** A call that answers with the pictures themselves may take as long as they do. */
function longestSubmitMs({ lane }: BundleWork, [first]: readonly Passenger[]): number {
  const { sentAt, deadlineAt } = first!.ticket;
  return lane.lane.poll === undefined ? deadlineAt - sentAt : BUNDLE_SUBMIT_MS;
}

function groupOf(passengers: readonly Passenger[]): string {
  return digest('suspects', bundleIdOf(passengers));
}

function isPace(failure: Failure): boolean {
  return failure.kind === 'rate-limited' || failure.kind === 'slots-full';
}

/** A limit that was taught says itself when it has room; without one only the wait keeps the pace. */
function paceWaitMs(failure: Failure, lessons: readonly Lesson[], waitMs: number): number {
  if (lessons.some(({ refused }) => refused !== undefined)) return 0;
  return Math.max(failure.kind === 'slots-full' ? FULL_QUEUE_WAIT_MS : 0, waitMs);
}

function lessonsOf(
  { lane, deps }: BundleWork,
  answer: { readonly failure: Failure } & Parameters<typeof readingsOf>[0],
): readonly Lesson[] {
  return [
    ...announcedLessons(lane.limits, readingsOf(answer)),
    ...refusalLessons(lane.limits, deps.suspected, answer.failure),
  ];
}
