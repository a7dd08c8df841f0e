/** The vendors' accounts of an engine: which can be reached, and a lane to each, made when needed. */
import type { Clock } from './core/clock.ts';
import type { LaneKind } from './core/lane.ts';
import type { EngineConfig, VendorStanding } from './engine-types.ts';
import type { LaneConfig } from './vendors/lane-config.ts';
import { type OpenLane, type VendorEntry, vendorsOf } from './vendors/registry.ts';
import type { BundleLane } from './vendors/vendor.ts';

export interface VendorAccountsDeps {
  readonly config: EngineConfig;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
}

export class VendorAccounts {
  readonly #deps: VendorAccountsDeps;
  readonly #vendors: readonly VendorEntry[];
  readonly #lanes = new Map<string, OpenLane>();
  readonly #bundleLanes = new Map<string, BundleLane>();

  constructor(deps: VendorAccountsDeps) {
    this.#deps = deps;
    this.#vendors = vendorsOf(deps.config.configured);
  }

  standings(): VendorStanding[] {
    return this.#vendors.map((vendor) => {
      const problem = vendor.problem?.();
      return {
        name: vendor.name,
        title: vendor.title,
        ...(vendor.keyVariable !== undefined && { keyVariable: vendor.keyVariable }),
        keyPresent: this.#hasKey(vendor),
        baseUrl: this.#baseUrlOf(vendor),
        ...(problem !== undefined && { problem }),
      };
    });
  }

  isReachable(name: string): boolean {
    const vendor = this.#entryOf(name);
    return vendor !== undefined && this.#hasKey(vendor) && vendor.problem?.() === undefined;
  }

  /** What to do to get at a vendor's models. */
  howToReach(name: string): string {
    const vendor = this.#entryOf(name);
    const problem = vendor?.problem?.();
    if (problem !== undefined) return problem;
    const variable = vendor?.keyVariable;
    return variable === undefined ? 'It needs no key.' : `Set ${variable} in the environment.`;
  }

  laneOf(name: string): OpenLane | undefined {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const vendor = this.#reachable(name);
    const lane = vendor?.createLane?.(this.#laneConfig(vendor));
    if (lane !== undefined) this.#lanes.set(name, lane);
    return lane;
  }

  /** The lane whose calls carry many requests: the vendor's batch API, or its live way. */
  bundleLaneOf(name: string, kind: LaneKind): BundleLane | undefined {
    const key = `${name}:${kind}`;
    const known = this.#bundleLanes.get(key);
    if (known !== undefined) return known;
    const vendor = this.#reachable(name);
    const create = kind === 'batch' ? vendor?.createBatchLane : vendor?.createManyLane;
    const lane = vendor === undefined ? undefined : create?.(this.#laneConfig(vendor));
    if (lane !== undefined) this.#bundleLanes.set(key, lane);
    return lane;
  }

  #reachable(name: string): VendorEntry | undefined {
    return this.isReachable(name) ? this.#entryOf(name) : undefined;
  }

  #entryOf(name: string): VendorEntry | undefined {
    return this.#vendors.find((vendor) => vendor.name === name);
  }

  #hasKey({ name, keyVariable }: VendorEntry): boolean {
    return keyVariable === undefined || this.#deps.config.vendors[name]?.apiKey !== undefined;
  }

  #laneConfig(vendor: VendorEntry): LaneConfig {
    const { apiKey = '', adminKey } = this.#deps.config.vendors[vendor.name] ?? {};
    return {
      apiKey,
      ...(adminKey !== undefined && { adminKey }),
      baseUrl: this.#baseUrlOf(vendor),
      fetch: this.#deps.fetch,
      clock: this.#deps.clock,
    };
  }

  async close(): Promise<void> {
    for (const lane of this.#lanes.values()) await lane[Symbol.asyncDispose]?.();
    this.#lanes.clear();
    this.#bundleLanes.clear();
  }

  #baseUrlOf(vendor: VendorEntry): string {
    return this.#deps.config.vendors[vendor.name]?.baseUrl ?? vendor.defaultBaseUrl ?? '';
  }
}
