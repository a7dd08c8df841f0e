/** The questions of a service about limits: a part of `Store`. */
import type { Return } from '../core/admission.ts';
import type { LimitGauge } from './store.ts';
import type { Limit } from '../core/limit.ts';

/** How a limit stands, told to one of the workspaces that share it. */
export interface LimitStanding extends LimitGauge {
  /** Of the units in use, those of the workspace that asks. */
  readonly usedHere: number;
  /** When units come back, soonest first: each entry is the end of a stretch of time and all that it returns. */
  readonly returning: readonly Return[];
}

/** A lane of a run that waits, and what for. */
export interface WaitingLane {
  readonly runId: string;
  readonly lane: string;
  /** The limit's key, or another obstacle. */
  readonly limit: string;
  readonly until?: number;
}

export interface LimitStore {
  /** In the order of `limits`. */
  limitStandings(workspace: string, limits: readonly Limit[]): Promise<LimitStanding[]>;
  /** Lanes of the workspace's running runs that wait, those of the oldest runs first; of at most `most` runs. */
  waitingOf(workspace: string, most: number): Promise<WaitingLane[]>;
}
