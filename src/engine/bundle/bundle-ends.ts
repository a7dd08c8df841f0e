/** How the requests of a bundle end: one by one as lines come, or all together. */
import { atMost } from '../core/at-most.ts';
import { shareOut } from '../core/credits.ts';
import type { FailureKind } from '../core/failure.ts';
import type { Verdict } from '../core/outcome.ts';
import {
  giveBack,
  type RequestEnd,
  settleAll,
  settleAnswer,
  unknown,
  usdOf,
} from '../request/end-request.ts';
import { type BundleWork, bundleIdOf, imageLane, type Passenger } from './bundle-work.ts';
import { prepareRequest } from '../request/prepare-request.ts';
import { decide } from '../send/retry-policy.ts';
import type { AttemptTicket, Lesson } from '../store/store.ts';
import type { BundleLine, LaneRequest } from '../vendors/vendor.ts';

/** Answers that are stored and written down at a time: their commits are shared. */
const SETTLED_AT_ONCE = 16;

/** A request of which nothing was made, in the vendor's words. */
export interface Unmade {
  readonly passenger: Passenger;
  readonly reason: string;
}

export async function settleLines(
  work: BundleWork,
  passengers: readonly Passenger[],
  lines: readonly BundleLine[],
): Promise<void> {
  const byKey = new Map(lines.map((line) => [line.key, line]));
  const gate = atMost(SETTLED_AT_ONCE);
  const ends = await Promise.allSettled(
    passengers.map((passenger) =>
      gate(async () => {
        const line = byKey.get(passenger.request.key);
        return line === undefined
          ? settleMissing(work, passenger)
          : settleLine(work, passenger, line);
      }),
    ),
  );
  // A defect of one is told when nothing of the others is under way any more.
  const broken = ends.find(({ status }) => status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
  const unmade = ends.flatMap((end, place): Unmade[] => {
    const reason = end.status === 'fulfilled' ? end.value : undefined;
    return reason === undefined ? [] : [{ passenger: passengers[place]!, reason }];
  });
  await putBackUnmade(work, unmade);
}

/** They wait again all together, so that they travel together again. */
export async function putBackUnmade(work: BundleWork, unmade: readonly Unmade[]): Promise<void> {
  const ends: RequestEnd[] = [];
  for (const { passenger, reason } of unmade) {
    const how = { waitMs: 0, countsAttempt: true };
    ends.push(await giveBack(work.deps, passenger.ticket, reason, how));
  }
  for (const [place, { passenger }] of unmade.entries()) {
    await work.onEnd(passenger.ticket, ends[place]!);
  }
}

/**
 * The vendor's last word on one request: there is nothing more to be asked about it. Answers the reason
 * where nothing was made of it, so that it can be put back with others of its bundle.
 */
export async function settleLine(
  work: BundleWork,
  { ticket, request }: Passenger,
  { answer }: BundleLine,
): Promise<string | undefined> {
  const { deps, lane } = work;
  if (answer.kind === 'answered') {
    await work.onEnd(ticket, await settleAnswer(deps, imageLane(lane), ticket, request, answer));
    return undefined;
  }
  const { failure } = answer;
  if (failure.kind === 'invalid-request' && request.references.length > 0) {
    await deps.references.forget(lane.lane.account, request.references);
  }
  const decision = decide(failure, {
    attempts: ticket.countedAttempts,
    sendings: ticket.attempt - 1,
    now: deps.clock.now(),
    canFind: false,
    random: deps.random,
  });
  if (decision.kind === 'resend') return decision.reason;
  const verdict: Verdict =
    decision.kind === 'settle' ? decision.verdict : { state: 'failed', reason: failure.words };
  await work.onEnd(ticket, await settleAll(deps, ticket, verdict, usdOf(answer)));
  return undefined;
}

export async function settleMissing(work: BundleWork, { ticket }: Passenger): Promise<undefined> {
  const reason = 'not returned: the vendor sent no answer to this line';
  await work.onEnd(ticket, await settleAll(work.deps, ticket, { state: 'failed', reason }));
}

export async function putBack(
  work: BundleWork,
  passengers: readonly Passenger[],
  reason: string,
  how: {
    readonly waitMs: number;
    readonly countsAttempt?: boolean;
    readonly limited?: boolean;
    readonly lessons?: readonly Lesson[];
    readonly suspectGroup?: string;
    readonly usdMicros?: number;
    readonly stopsLane?: boolean;
    readonly failure?: FailureKind;
  },
): Promise<void> {
  const { deps } = work;
  const fenced = await deps.store.returnBundle({
    bundleId: bundleIdOf(passengers),
    workerId: deps.workerId,
    reason,
    notBeforeMs: how.waitMs,
    countsAttempt: how.countsAttempt ?? false,
    ...(how.lessons && { lessons: how.lessons }),
    ...(how.failure && { failure: how.failure }),
    ...(how.suspectGroup !== undefined && { suspectGroup: how.suspectGroup }),
    ...(how.usdMicros !== undefined && { usdMicros: how.usdMicros }),
  });
  const end: RequestEnd =
    how.stopsLane === true
      ? { kind: 'stop-lane', reason }
      : { kind: 'returned', limited: how.limited ?? false };
  await endAll(work, passengers, fenced === 'fenced' ? { kind: 'left' } : end);
}

export async function settleEvery(
  work: BundleWork,
  passengers: readonly Passenger[],
  verdict: Verdict,
  usdMicros = 0,
): Promise<void> {
  const shares = shareOut(usdMicros, passengers.length);
  for (const [place, { ticket }] of passengers.entries()) {
    await work.onEnd(ticket, await settleAll(work.deps, ticket, verdict, shares[place]));
  }
}

export async function loseAll(
  work: BundleWork,
  passengers: readonly Passenger[],
  reason: string,
): Promise<void> {
  for (const { ticket } of passengers) {
    await work.onEnd(ticket, await unknown(work.deps, ticket, reason));
  }
}

export function leaveAll(work: BundleWork, passengers: readonly Passenger[]): Promise<void> {
  return endAll(work, passengers, { kind: 'left' });
}

export async function endAll(
  work: BundleWork,
  passengers: readonly Passenger[],
  end: RequestEnd,
): Promise<void> {
  for (const { ticket } of passengers) await work.onEnd(ticket, end);
}

/** The same requests as they are sent; `undefined` when one of them cannot be worded now. */
export async function wordAgain(
  { deps, lane }: BundleWork,
  passengers: readonly Passenger[],
): Promise<readonly LaneRequest[] | undefined> {
  const requests: LaneRequest[] = [];
  for (const { ticket } of passengers) {
    const prepared = await prepareRequest(deps, ticket, lane.lane);
    if ('problem' in prepared) return undefined;
    requests.push(prepared.request);
  }
  return requests;
}

/** Words every request for the lane; one that cannot be worded fails (or stays as it is) alone. */
export async function prepareAll(
  work: BundleWork,
  tickets: readonly AttemptTicket[],
  onProblem: 'fail' | 'keep' = 'fail',
): Promise<Passenger[]> {
  const passengers: Passenger[] = [];
  for (const ticket of tickets) {
    const sender = onProblem === 'fail' ? work.lane.lane : undefined;
    const prepared = await prepareRequest(work.deps, ticket, sender);
    if ('request' in prepared) {
      passengers.push({ ticket, request: prepared.request });
      continue;
    }
    const end =
      onProblem === 'fail'
        ? await settleAll(work.deps, ticket, { state: 'failed', reason: prepared.problem })
        : await unknown(work.deps, ticket, prepared.problem);
    await work.onEnd(ticket, end);
  }
  return passengers;
}
