/**
 * Sends requests of a run that another worker owns, beside it: admitted by the same transaction, stored and settled
 * in the same way. What follows from their ends (delivery, other models, another turn) stays with the owner, who
 * reads of them each second, and is told of those that somebody waits for. Only live lanes whose calls carry one
 * request are shared: bundles are planned by one.
 */
import { assert } from '../core/errors.ts';
import type { Signals } from '../ports/signals.ts';
import { type RequestDeps, type RequestEnd, runRequest } from '../request/run-request.ts';
import type { RunWithWork, StoredRun } from '../store/store.ts';
import type { RoomNews } from '../drive/room-news.ts';
import { bindLane, boundsOfRun, type LaneBinding } from '../drive/run-lanes.ts';
import type { ScheduledLane } from '../drive/scheduled-lane.ts';
import { Scheduler, type SchedulerDeps } from '../drive/scheduler.ts';
import type { Turns } from '../drive/turns.ts';

export interface LendHandDeps extends RequestDeps, LaneBinding {
  readonly signals: Signals;
  readonly turns: Turns;
  readonly room: RoomNews;
}

export interface LendHandOptions {
  /** Aborted when no more is to be taken up. */
  readonly drain: AbortSignal;
  readonly onEnded?: () => void;
}

/** Resolves when nothing is left that this worker can send, or the run asks for no hands any more. */
export async function lendHand(
  deps: LendHandDeps,
  run: StoredRun,
  options: LendHandOptions,
): Promise<void> {
  const { store, signals, workerId } = deps;
  const lanes = sharedLanes(
    deps,
    run,
    (await store.waitingLanes(run.id)).map(({ lane }) => lane),
  );
  if (lanes.length === 0) return;
  try {
    // It may have been written without our hearing of it: whatever it comes to, it is left again.
    if (!(await store.joinRun(run.id, workerId))) return;
    // The owner looks after whoever has joined.
    signals.notify(`run:${run.id}`);
    await send(deps, run, lanes, options);
  } finally {
    await store.leaveRun(run.id, workerId);
    signals.notify(`run:${run.id}`);
  }
}

/** Whether this worker could send anything of what waits there. */
export function canLendHand(deps: LaneBinding, run: StoredRun, work: RunWithWork): boolean {
  return sharedLanes(deps, run, work.lanes).length > 0;
}

function sharedLanes(deps: LaneBinding, run: StoredRun, names: readonly string[]): ScheduledLane[] {
  return names.flatMap((name) => {
    const lane = bindLane(deps, name, boundsOfRun(run));
    return lane === undefined || lane.bundle !== undefined ? [] : [lane];
  });
}

async function send(
  deps: LendHandDeps,
  run: StoredRun,
  lanes: readonly ScheduledLane[],
  { drain, onEnded }: LendHandOptions,
): Promise<void> {
  const { store, clock, signals, workerId, turns, references, room } = deps;
  const sharesSlots = lanes.some(({ limits }) => limits.some(({ kind }) => kind === 'slots'));
  const scheduling: SchedulerDeps = {
    store,
    clock,
    workerId,
    runId: run.id,
    turns,
    workspace: run.workspace,
    flow: run.id,
    lanes,
    send: (lane, ticket, admittedAt) => runRequest(deps, lane, ticket, admittedAt),
    sendBundle: () => assert(false, 'bundles are not shared') as never,
    onEnd: async (_ticket, end) => {
      onEnded?.();
      if (isWaitedFor(end)) signals.notify(`ends:${run.id}`);
      if (sharesSlots) room.freed();
    },
    ...(run.plan?.references && {
      makeReady: (lane, most) => references.makeReady(run.id, lane, most),
    }),
    // What the run waits for is told by its owner.
    onWaits: async (waits) => watch.waits(waits),
  };
  const scheduler = new Scheduler(scheduling);
  const onDrain = () => scheduler.drain();
  using watch = room.watch(() => scheduler.notify());
  drain.addEventListener('abort', onDrain);
  if (drain.aborted) onDrain();
  try {
    await scheduler.run();
  } finally {
    drain.removeEventListener('abort', onDrain);
    await scheduler.settle();
  }
}

/** Whether more follows from it than that its images are delivered. */
function isWaitedFor(end: RequestEnd): boolean {
  return end.kind !== 'settled' || end.items.refused + end.items.failed > 0;
}
