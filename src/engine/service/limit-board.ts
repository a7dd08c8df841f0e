/** Every limit that applies to a workspace, and how it stands: its own hour, and its vendors' by model and lane. */
import { workspaceLimit } from '../admit/lane-limits.ts';
import type { Catalog } from '../core/catalog.ts';
import { LANE_KINDS, type LaneKind, laneName } from '../core/lane.ts';
import type { Limit } from '../core/limit.ts';
import { bindLane, type LaneBinding } from '../drive/run-lanes.ts';
import type { EngineConfig } from '../engine-types.ts';
import type { LimitStanding, WaitingLane } from '../store/limit-store.ts';
import type { Store } from '../store/store.ts';
import { configOf } from '../workspace-engine.ts';

/** Runs of which it is told what they wait for. */
const MOST_WAITING_RUNS = 500;

export interface LimitBoardDeps {
  readonly store: Store;
  readonly config: EngineConfig;
  readonly catalog: Catalog;
  /** Ids of models that can be used now. */
  readonly available: () => readonly string[];
  readonly binding: (config: EngineConfig) => LaneBinding;
}

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
    const { store, catalog, available, binding } = this.#deps;
    const ceiling = (await store.findWorkspace(workspace))?.imagesPerHour;
    const config = configOf(this.#deps.config, workspace, ceiling);
    const bound = binding(config);
    const own = workspaceLimit({ id: workspace, ...config.workspace });
    const found = new Map<string, { limit: Limit; of?: LimitedLane }>([[own.key, { limit: own }]]);
    const ids = available().filter((id) => only === undefined || id === only);
    for (const { id: model, vendor } of ids.flatMap((id) => catalog.find(id) ?? [])) {
      for (const lane of LANE_KINDS) {
        for (const limit of bindLane(bound, laneName(model, lane), {})?.limits ?? []) {
          if (!found.has(limit.key)) found.set(limit.key, { limit, of: { model, vendor, lane } });
        }
      }
    }
    return [...found.values()];
  }
}
