import { laneName, parseLaneName } from '../core/lane.ts';
import { bindLane, boundsOfRun, type LaneBinding } from './run-lanes.ts';
import { turnModels } from './rotate-models.ts';
import type { ScheduledLane } from './scheduled-lane.ts';
import type { AttemptTicket, Store, StoredRun } from '../store/store.ts';

export interface RunLanes {
  readonly lanes: readonly ScheduledLane[];
  /** Names of the batch lanes among them. */
  readonly batchLanes: readonly string[];
  /** Lanes that cannot be reached, with the reason. */
  readonly unreachable: Readonly<Record<string, string>>;
}

/** The lanes that a run has work for, and those that its work may still move to. */
export async function bindRunLanes(
  deps: LaneBinding & { readonly store: Store },
  { id, settings }: StoredRun,
  open: readonly AttemptTicket[],
): Promise<RunLanes> {
  const waiting = await deps.store.waitingLanes(id);
  const names = new Set([...waiting.map(({ lane }) => lane), ...open.map(({ lane }) => lane)]);
  const needed = new Set(names);
  const batchLanes = [...names].filter((name) => parseLaneName(name).kind === 'batch').sort();
  // Whatever the cheap lane does not make in time goes live.
  for (const name of batchLanes) names.add(laneName(parseLaneName(name).model, 'live'));
  const fallback =
    settings.fallback === undefined ? undefined : deps.catalog.find(settings.fallback);
  if (fallback !== undefined) names.add(fallback.id);
  for (const model of turnModels(settings, deps.catalog)) names.add(model);
  const bounds = boundsOfRun({ settings });
  const lanes: ScheduledLane[] = [];
  const unreachable: Record<string, string> = {};
  for (const name of [...names].sort()) {
    const lane = bindLane(deps, name, bounds);
    if (lane !== undefined) lanes.push(lane);
    else if (needed.has(name)) unreachable[name] = `no key for the vendor of ${name}`;
  }
  return { lanes, batchLanes, unreachable };
}
