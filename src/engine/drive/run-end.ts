/** In which state a run ends when nothing more can be done in it now. Pure. */
import type { ItemCounts } from '../core/outcome.ts';
import type { RunState, StopReason } from '../core/run.ts';
import type { StoredRun } from '../store/store.ts';
import type { ScheduleEnd } from './scheduled-lane.ts';

/** What stopped a run before its time, with the words that a person is told. */
export interface Stop {
  readonly reason: StopReason;
  readonly text?: string;
}

export interface RunEnd {
  readonly state: RunState;
  readonly reason?: StopReason;
  readonly text?: string;
}

export interface EndFacts {
  readonly stop: Stop | undefined;
  /** It was paused, and somebody has taken that back while it stopped. */
  readonly isResumed?: boolean;
  readonly counts: ItemCounts;
  readonly schedule: ScheduleEnd;
  /** Why files could not be put where they belong. */
  readonly deliveryTrouble: string | undefined;
  /** Images were left to be finished at the next start. */
  readonly hasLeft: boolean;
  /** A proof was made, and all of it has its outcome. */
  readonly isProofOver: boolean;
  /** Lanes that could not be reached, with the reason. */
  readonly unreachable: Readonly<Record<string, string>>;
}

const PROOF_TEXT = 'the proof is made: look at it, then approve the rest';

/** What a run was asked last goes before what it stopped for: a cancelled run must not go on by itself. */
export function stopAsked(stop: Stop | undefined, asked: StoredRun['asked']): Stop | undefined {
  if (asked === 'cancel') return { reason: 'cancelled' };
  const goesOn = stop === undefined || stop.reason === 'interrupted';
  return asked === 'pause' && goesOn ? { reason: 'paused' } : stop;
}

export function runEnd(facts: EndFacts): RunEnd {
  const { stop, counts, schedule, deliveryTrouble } = facts;
  const text = stop?.text === undefined ? {} : { text: stop.text };
  if (stop?.reason === 'cancelled') {
    if (counts.sent === 0) return { state: 'cancelled', reason: 'cancelled' };
    // What a vendor still has is read, or cancelled again, at the next start.
    return { state: 'stopped', reason: 'interrupted' };
  }
  // Delivery that failed must be taken up again, even when every item has its outcome.
  if (deliveryTrouble !== undefined) {
    return { state: 'stopped', reason: 'storage', text: deliveryTrouble };
  }
  if (counts.waiting + counts.sent === 0 && !facts.hasLeft) return { state: 'done' };
  if (stop?.reason === 'interrupted') return { state: 'stopped', reason: 'interrupted' };
  if (facts.isProofOver)
    return { state: 'awaiting_approval', reason: 'approval', text: PROOF_TEXT };
  if (facts.isResumed) return { state: 'planned' };
  if (stop?.reason === 'paused') return { state: 'paused', reason: 'paused' };
  if (stop?.reason === 'refusals') return { state: 'paused', reason: 'refusals', ...text };
  if (stop !== undefined) return { state: 'stopped', reason: stop.reason, ...text };
  if (schedule.budget !== undefined) {
    return { state: 'stopped', reason: schedule.short ?? 'budget', text: schedule.budget };
  }
  const stopped = Object.entries({ ...facts.unreachable, ...schedule.stopped });
  // Another worker sends what its owner did not see: whoever takes the run up next reads what became of it.
  if (stopped.length === 0 && counts.sent > 0) return { state: 'stopped', reason: 'interrupted' };
  const words = stopped.map(([lane, why]) => `${lane}: ${why}`).join('; ');
  return { state: 'stopped', reason: 'vendor', text: words };
}
