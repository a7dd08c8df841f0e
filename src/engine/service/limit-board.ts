/** Every limit that applies to a workspace, and how it stands: its own hour, and its vendors' by model and lane. */
import type { LaneKind } from '../core/lane.ts';
import type { Limit } from '../core/limit.ts';
import type { LimitStanding, WaitingLane } from '../store/limit-store.ts';
import { workspaceLanes, type WorkspaceLanesDeps } from './workspace-lanes.ts';

/** Runs of which it is told what they wait for. */
const MOST_WAITING_RUNS = 500;

export type LimitBoardDeps = WorkspaceLanesDeps;

/** Which of a vendor's limits: of which model, and of which lane to it. */
export interface LimitedLane {
  readonly model: string;
  readonly vendor: string;
  readonly lane: LaneKind;
}

export interface BoardEntry {
  readonly standing: LimitStanding;
  /** Absent: the limit is the workspace's own. */
  readonly of?: LimitedLane;
  /** What of the workspace waits for it. */
  readonly waiting: readonly WaitingLane[];
}

export class LimitBoard {
  readonly #deps: LimitBoardDeps;

  constructor(deps: LimitBoardDeps) {
    this.#deps = deps;
  }

  /**
   * The workspace's own first, then those of each model that can be used, or of `model` only. What several
   * models share stands at the first of them.
   */
  async standings(workspace: string, model?: string): Promise<BoardEntry[]> {
    const { store } = this.#deps;
    const known = await this.#limitsOf(workspace, model);
    const limits = known.map(({ limit }) => limit);
    const waiting = Map.groupBy(
      await store.waitingOf(workspace, MOST_WAITING_RUNS),
      ({ limit }) => limit,
    );
    const standings = await store.limitStandings(workspace, limits);
    return standings.map((standing, place) => {
      const of = known[place]?.of;
      return {
        standing,
        ...(of !== undefined && { of }),
        waiting: waiting.get(standing.limit.key) ?? [],
      };
    });
  }

  async #limitsOf(
    workspace: string,
    only: string | undefined,
  ): Promise<{ limit: Limit; of?: LimitedLane }[]> {
    const { own, lanes } = await workspaceLanes(this.#deps, workspace, only);
    const found = new Map<string, { limit: Limit; of?: LimitedLane }>([[own.key, { limit: own }]]);
    for (const { model, vendor, lane, limits } of lanes) {
      for (const limit of limits) {
        if (!found.has(limit.key)) found.set(limit.key, { limit, of: { model, vendor, lane } });
      }
    }
    return [...found.values()];
  }
}
