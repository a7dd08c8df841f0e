/** What a run is worked on with, put together from the engine's parts. */
import type { EnginePorts } from '../engine.ts';
import { configOf } from '../workspace-engine.ts';
import type { DriveDeps } from './drive-run.ts';
import { lastingStore } from './lasting-store.ts';
import { askedSize, type LaneBinding } from './run-lanes.ts';

export interface DriveParts extends Pick<DriveDeps, 'asks' | 'turns' | 'lease' | 'stop'> {
  readonly ports: EnginePorts;
  readonly binding: LaneBinding;
  readonly onChange: NonNullable<DriveDeps['onChange']>;
  readonly referencesOf: (workspace: string) => DriveDeps['references'];
}

export function driveDeps(
  { ports, binding, referencesOf, ...parts }: DriveParts,
  { workerId, workspace }: { readonly workerId: string; readonly workspace: string },
): DriveDeps {
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
