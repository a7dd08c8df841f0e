/** A lane as the scheduler has it: what it needs to know of it, and where it stands. */
import type { BundleRequestLane } from '../bundle/bundle-work.ts';
import type { Obstacle, ShortPurse } from '../core/admission.ts';
import type { BundleRules } from '../core/bundle.ts';
import type { Quality } from '../core/quality.ts';
import type { RequestLane } from '../request/end-request.ts';
import type { Claim } from './turns.ts';

/** What the scheduler needs to know of a lane of the run. */
interface LaneBounds {
  /** How the store names the lane (`core/lane.ts`). */
  readonly name: string;
  /** Most calls of this process in flight. */
  readonly concurrency: number;
  /** The same while a limit of the vendor's has no figure yet. */
  readonly concurrencyUnlearned: number;
  readonly longestCallMs: Readonly<Record<Quality, number>>;
}

export interface SingleLane extends RequestLane, LaneBounds {
  readonly bundle?: undefined;
}

/** A lane whose calls carry many requests. */
export interface ManyLane extends BundleRequestLane, LaneBounds {
  readonly bundle: BundleRules;
}

export type ScheduledLane = SingleLane | ManyLane;

export interface LaneState {
  readonly lane: ScheduledLane;
  /** How it waits for its turn beside other runs. */
  readonly claim: Claim;
  inFlight: number;
  /** The first request goes alone: its way is not warm yet, and many at once would all be late. */
  hasSent: boolean;
  obstacle: Obstacle | undefined;
  /** This worker's clock at which the obstacle is over. */
  wakeAt: number;
  budget: string | undefined;
  budgetOf: ShortPurse | undefined;
  stopped: string | undefined;
  empty: boolean;
  /** The run leaves the lane: nothing more is admitted on it. */
  closed: boolean;
  /** Whether the next requests are ready to be sent; always, where they need nothing. */
  readiness: 'unknown' | 'under-way' | 'ready';
}

export function beginLane(lane: ScheduledLane, claim: Claim): LaneState {
  return {
    lane,
    claim,
    inFlight: 0,
    hasSent: false,
    obstacle: undefined,
    wakeAt: 0,
    budget: undefined,
    budgetOf: undefined,
    stopped: undefined,
    empty: false,
    closed: false,
    readiness: 'unknown',
  };
}

/** What waits for an event, or may end early, is asked for again now. */
export function looksAgain(state: LaneState): void {
  const { obstacle } = state;
  if (obstacle?.until === undefined || obstacle.endsEarly) state.wakeAt = 0;
}

/** Something may be sent on this lane as soon as it has room. */
export function isOpen({ stopped, empty, closed }: LaneState): boolean {
  return stopped === undefined && !empty && !closed;
}

/** Something may still be sent on this lane, now or at a time that is known. */
export function isHopeful(state: LaneState): boolean {
  return isOpen(state) && state.budget === undefined;
}

/** What each lane waits for, by its name. */
export function waitsOf(lanes: readonly LaneState[]): Record<string, Obstacle> {
  return Object.fromEntries(
    lanes.flatMap(({ lane, obstacle, empty, closed, stopped }) => {
      if (stopped !== undefined) {
        return [[lane.name, { limit: 'vendor', reason: stopped }] as const];
      }
      return obstacle === undefined || empty || closed ? [] : [[lane.name, obstacle] as const];
    }),
  );
}

/** Why the schedule has nothing more to do. */
export interface ScheduleEnd {
  /** Lanes that an account or a key has stopped, with the vendor's words. */
  readonly stopped: Readonly<Record<string, string>>;
  /** Set when requests are left that the budget does not reach. */
  readonly budget?: string;
  /** Whose credits do not reach: the run's or its key's budget, or the workspace's balance. */
  readonly short?: 'budget' | 'credits';
  /** The run is another worker's now, or this one was taken for dead. */
  readonly fenced?: true;
}

export function scheduleEnd(lanes: readonly LaneState[]): ScheduleEnd {
  const short = lanes.find(({ budget, closed }) => budget !== undefined && !closed);
  const stopped = lanes.flatMap(({ lane, stopped }) =>
    stopped === undefined ? [] : [[lane.name, stopped] as const],
  );
  return {
    stopped: Object.fromEntries(stopped),
    ...(short?.budget !== undefined && {
      budget: short.budget,
      short: short.budgetOf === 'workspace' ? 'credits' : 'budget',
    }),
  };
}
