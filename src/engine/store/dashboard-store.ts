/** The questions of the dashboard: a part of `Store`. None of them looks through all items of a workspace. */
import type { LaneEnd, LaneLoad, LaneUse, NotDelivered, RunLaneUse } from '../core/dashboard.ts';

/** A workspace's use in a time: from the beginning of a quarter of an hour on, and before `to`. */
export interface UseTime {
  readonly workspace: string;
  readonly from: number;
  readonly to: number;
}

/** The last sendings of an account. */
export interface EndsQuestion {
  readonly workspace: string;
  readonly account: string;
  readonly since: number;
  /** Sendings of the account that are looked at, those of other workspaces as well. */
  readonly most: number;
}

export interface DashboardStore {
  /** By quarter of an hour and lane, in the order of time. */
  usageOfLanes(time: UseTime): Promise<LaneUse[]>;
  usageOfRuns(time: UseTime, runIds: readonly string[]): Promise<RunLaneUse[]>;
  /** By lane and kind, the most first: of the newest `mostRuns` runs that had any in this time. */
  notDelivered(time: UseTime, mostRuns: number): Promise<NotDelivered[]>;
  /** Newest first. */
  laneEnds(question: EndsQuestion): Promise<LaneEnd[]>;
  /** Requests of these runs that are with a vendor, or wait. */
  laneLoads(runIds: readonly string[]): Promise<LaneLoad[]>;
  /** Of the newest `most` runs of the workspace, those with requests whose end nobody knows. */
  unknownRequests(
    workspace: string,
    most: number,
  ): Promise<{ readonly runId: string; readonly requests: number }[]>;
}
