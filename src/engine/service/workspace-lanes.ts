/** The lanes that a workspace may use now, each with its account and the limits that apply to it. */
import { workspaceLimit } from '../admit/lane-limits.ts';
import type { Catalog } from '../core/catalog.ts';
import { LANE_KINDS, type LaneKind, laneName } from '../core/lane.ts';
import type { Limit } from '../core/limit.ts';
import { bindLane, type LaneBinding } from '../drive/run-lanes.ts';
import type { EngineConfig } from '../engine-types.ts';
import type { Store } from '../store/store.ts';
import { configOf } from '../workspace-engine.ts';

export interface WorkspaceLanesDeps {
  readonly store: Store;
  readonly config: EngineConfig;
  readonly catalog: Catalog;
  /** Ids of models that can be used now. */
  readonly available: () => readonly string[];
  readonly binding: (config: EngineConfig) => LaneBinding;
}

export interface WorkspaceLane {
  /** As the store names it (`core/lane.ts`). */
  readonly name: string;
  readonly model: string;
  readonly vendor: string;
  readonly lane: LaneKind;
  /** Fingerprint of the vendor's account. */
  readonly account: string;
  /** The workspace's own among them. */
  readonly limits: readonly Limit[];
}

export interface WorkspaceLanes {
  /** The workspace's own hour. */
  readonly own: Limit;
  readonly lanes: readonly WorkspaceLane[];
}

/** `only`: the lanes of this model. */
export async function workspaceLanes(
  deps: WorkspaceLanesDeps,
  workspace: string,
  only?: string,
): Promise<WorkspaceLanes> {
  const ceiling = (await deps.store.findWorkspace(workspace))?.imagesPerHour;
  const config = configOf(deps.config, workspace, ceiling);
  const bound = deps.binding(config);
  const ids = deps.available().filter((id) => only === undefined || id === only);
  const lanes: WorkspaceLane[] = [];
  for (const { id: model, vendor } of ids.flatMap((id) => deps.catalog.find(id) ?? [])) {
    for (const lane of LANE_KINDS) {
      const name = laneName(model, lane);
      const found = bindLane(bound, name, {});
      if (found === undefined) continue;
      const { account } = found.lane;
      lanes.push({ name, model, vendor, lane, account, limits: found.limits });
    }
  }
  return { own: workspaceLimit({ id: workspace, ...config.workspace }), lanes };
}
