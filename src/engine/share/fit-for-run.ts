/** Whether this process should take a run up, or leave it to one that has the keys for all of its models. */
import type { Catalog } from '../core/catalog.ts';
import { parseLaneName } from '../core/lane.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type { RegisteredWorker, Store } from '../store/store.ts';

export interface FitForRunDeps {
  readonly store: Pick<Store, 'waitingLanes' | 'registeredWorkers'>;
  readonly catalog: Catalog;
  readonly isReachable: (vendor: string) => boolean;
  readonly lease: Pick<WorkerLease, 'isOwn' | 'isAlive'>;
}

/** How a worker tells that it has a vendor's key. */
export function vendorCapability(vendor: string): string {
  return `vendor:${vendor}`;
}

/** True also when nobody can: then this process takes it, so that people are told what is missing. */
export async function isFitForRun(deps: FitForRunDeps, runId: string): Promise<boolean> {
  const lanes = await deps.store.waitingLanes(runId);
  const vendors = lanes.flatMap(({ lane }) => {
    const model = deps.catalog.find(parseLaneName(lane).model);
    return model === undefined ? [] : [model.vendor];
  });
  if (vendors.every((vendor) => deps.isReachable(vendor))) return true;
  const needs = vendors.map(vendorCapability);
  for (const worker of await deps.store.registeredWorkers()) {
    if (await isBetter(deps, worker, needs)) return false;
  }
  return true;
}

async function isBetter(
  { lease }: FitForRunDeps,
  worker: RegisteredWorker,
  needs: readonly string[],
): Promise<boolean> {
  const { facts, endedAt, drainingAt } = worker;
  if (facts === undefined || endedAt !== undefined || drainingAt !== undefined) return false;
  if (!facts.kinds.includes('runs')) return false;
  if (!needs.every((need) => facts.capabilities.includes(need))) return false;
  return !(await lease.isOwn(worker.id)) && (await lease.isAlive(worker));
}
