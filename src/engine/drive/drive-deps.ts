/** What a run is worked on with, put together from the engine's parts. */
import type { EnginePorts } from '../engine.ts';
import { configOf } from '../workspace-engine.ts';
import type { DriveDeps } from './drive-run.ts';
import { RoomNews } from './room-news.ts';
import { lastingStore } from './lasting-store.ts';
import { askedSize, type LaneBinding } from './run-lanes.ts';

export interface DriveParts extends Pick<DriveDeps, 'asks' | 'turns' | 'lease' | 'stop'> {
  readonly ports: EnginePorts;
  readonly binding: LaneBinding;
  readonly onChange: NonNullable<DriveDeps['onChange']>;
  readonly referencesOf: (workspace: string) => DriveDeps['references'];
}

/** What all drives of a process share is made here, once. */
export function driving(parts: DriveParts): (workerId: string, workspace: string) => DriveDeps {
  const room = new RoomNews(parts.ports);
  return (workerId, workspace) => ({ ...driveDeps(parts, workerId, workspace), room });
}

function driveDeps(
  { ports, binding, referencesOf, ...parts }: DriveParts,
  workerId: string,
  workspace: string,
): Omit<DriveDeps, 'room'> {
  const { store, blobs, inspect, delivery, clock, random, signals, screener, config } = ports;
  const { catalog } = binding;
  return {
    ...binding,
    ...parts,
    store: lastingStore({ store, clock, stop: parts.stop }),
    blobs,
    inspect,
    delivery,
    clock,
    random,
    signals,
    workerId,
    screen: async (hash) => screener.screen(await blobs.get(hash)),
    config: configOf(config, workspace, undefined),
    references: referencesOf(workspace),
    askedSize: (model, size) => askedSize(catalog, model, size),
    wireModel: (model) => catalog.find(model)?.wireId ?? model,
    suspected: new Set(),
  };
}
