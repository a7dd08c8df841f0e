import { availableParallelism } from 'node:os';
import { createBflLane } from './bfl.ts';
import { createDashscopeLane } from './dashscope.ts';
import { createDemoLane } from './demo.ts';
import { createKlingLane } from './kling.ts';
import type { LaneConfig } from './lane-config.ts';
import { createOpenaiBatchLane } from './openai-batch.ts';
import { createOpenaiLane } from './openai.ts';
import type { BundleLane, VendorLane } from './vendor.ts';

/** A lane, and how to end what it keeps running (worker threads), where it keeps something. */
export type OpenLane = VendorLane & Partial<AsyncDisposable>;

/** A vendor that we can send to. */
export interface VendorEntry {
  /** As in the catalog's `Model.vendor`. */
  readonly name: string;
  readonly title: string;
  /** The environment variable of its key; absent: it needs none. */
  readonly keyVariable?: string;
  readonly baseUrlVariable?: string;
  /** OpenAI's ends in `/v1`, as its official client has it; the others are the hosts' roots. */
  readonly defaultBaseUrl?: string;
  /** The live lane; absent where the live way carries many prompts in one call (`createManyLane`). */
  readonly createLane?: (config: LaneConfig) => OpenLane;
  /** The live lane of a vendor that takes many prompts in one call. */
  readonly createManyLane?: (config: LaneConfig) => BundleLane;
  /** The lane to the vendor's batch API. */
  readonly createBatchLane?: (config: LaneConfig) => BundleLane;
  /** Most requests in flight, where this machine does the work itself. */
  readonly concurrency?: number;
}

/** All vendors, one line each. */
export const vendors: readonly VendorEntry[] = [
  {
    name: 'demo',
    title: 'Demo painter',
    createLane: () => createDemoLane(),
    concurrency: 2 * availableParallelism(),
  },
  withKey('openai', 'OpenAI', 'https://api.openai.com/v1', createOpenaiLane, {
    createBatchLane: createOpenaiBatchLane,
  }),
  withKey('bfl', 'Black Forest Labs', 'https://api.bfl.ai', createBflLane),
  withKey('kling', 'Kling', 'https://api-singapore.klingai.com', createKlingLane),
  withKey('dashscope', 'DashScope', 'https://dashscope-intl.aliyuncs.com', createDashscopeLane),
];

/** What an environment holds for us: variables by their name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The names of the vendors that need a key and have one, in the registry's order; `[]` means that
 * only the demo can be used.
 */
export function keysPresent(environment: Environment): readonly string[] {
  return vendors
    .filter(
      ({ keyVariable }) => keyVariable && readVariable(environment, keyVariable) !== undefined,
    )
    .map(({ name }) => name);
}

/**
 * The lane to a vendor with the key and base URL that the environment gives. `undefined` when there
 * is no such vendor, or its key is missing. White space around a key is a slip of copying and is
 * dropped; an empty variable counts as missing. Dispose of the lane where it can be.
 */
export function laneFrom(
  name: string,
  environment: Environment,
  ports: Pick<LaneConfig, 'fetch' | 'clock'>,
): OpenLane | undefined {
  const vendor = vendors.find((entry) => entry.name === name);
  if (!vendor) return undefined;
  const apiKey = vendor.keyVariable ? readVariable(environment, vendor.keyVariable) : '';
  if (apiKey === undefined) return undefined;
  const baseUrl = readVariable(environment, vendor.baseUrlVariable) ?? vendor.defaultBaseUrl ?? '';
  return vendor.createLane?.({ apiKey, baseUrl, ...ports });
}

function withKey(
  name: string,
  title: string,
  defaultBaseUrl: string,
  createLane: NonNullable<VendorEntry['createLane']>,
  more: Partial<VendorEntry> = {},
): VendorEntry {
  const prefix = name.toUpperCase();
  return {
    name,
    title,
    keyVariable: `${prefix}_API_KEY`,
    baseUrlVariable: `${prefix}_BASE_URL`,
    defaultBaseUrl,
    createLane,
    ...more,
  };
}

function readVariable(environment: Environment, name: string | undefined): string | undefined {
  return (name === undefined ? undefined : environment[name]?.trim()) || undefined;
}
