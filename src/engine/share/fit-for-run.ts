/** Whether this process should take a run up, or leave it to one that has the keys for all of its models. */
import type { Catalog } from '../core/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { parseLaneName } from '../core/lane.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type { RegisteredWorker, Store } from '../store/store.ts';

/** Who else is there is asked again after this. */
const KNOWN_MS = 2_000;

export interface FitForRunDeps {
  readonly store: Pick<Store, 'waitingLanes' | 'registeredWorkers'>;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly isReachable: (vendor: string) => boolean;
  readonly lease: Pick<WorkerLease, 'isOwn' | 'isAlive'>;
}

/** How a worker tells that it has a vendor's key. */
export function vendorCapability(vendor: string): string {
  return `vendor:${vendor}`;
}

export class FitForRun {
  readonly #deps: FitForRunDeps;
  #others: readonly (readonly string[])[] = [];
  #knownUntil = -Infinity;

  constructor(deps: FitForRunDeps) {
    this.#deps = deps;
  }

  /** True also when nobody can: then this process takes it, so that people are told what is missing. */
  async isFit(runId: string): Promise<boolean> {
    const { store, isReachable } = this.#deps;
    const others = await this.#othersWithMore();
    if (others.length === 0) return true;
    const vendors = (await store.waitingLanes(runId)).flatMap(({ lane }) => this.#vendorOf(lane));
    if (vendors.every((vendor) => isReachable(vendor))) return true;
    const needs = vendors.map(vendorCapability);
    return !others.some((capabilities) => needs.every((need) => capabilities.includes(need)));
  }

  #vendorOf(lane: string): string[] {
    const model = this.#deps.catalog.find(parseLaneName(lane).model);
    return model === undefined ? [] : [model.vendor];
  }

  /** What others can that take runs and have a key which this process lacks. */
  async #othersWithMore(): Promise<readonly (readonly string[])[]> {
    const { store, clock } = this.#deps;
    if (clock.now() < this.#knownUntil) return this.#others;
    this.#knownUntil = clock.now() + KNOWN_MS;
    const found: (readonly string[])[] = [];
    for (const worker of await store.registeredWorkers()) {
      if (await this.#hasMore(worker)) found.push(worker.facts!.capabilities);
    }
    this.#others = found;
    return found;
  }

  async #hasMore(worker: RegisteredWorker): Promise<boolean> {
    const { lease, catalog, isReachable } = this.#deps;
    const { facts, endedAt, drainingAt } = worker;
    if (facts === undefined || endedAt !== undefined || drainingAt !== undefined) return false;
    if (!facts.kinds.includes('runs')) return false;
    const missing = catalog.all.filter(({ vendor }) => !isReachable(vendor));
    const has = missing.some(({ vendor }) => facts.capabilities.includes(vendorCapability(vendor)));
    return has && !(await lease.isOwn(worker.id)) && (await lease.isAlive(worker));
  }
}
