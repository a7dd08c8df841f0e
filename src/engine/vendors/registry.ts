import { availableParallelism } from 'node:os';
import { createAiSdkLane } from './own/ai-sdk.ts';
import { packageProblem } from './own/ai-sdk-package.ts';
import { createAutomatic1111Lane } from './own/automatic1111.ts';
import { createBflLane } from './bfl.ts';
import { createComfyuiLane } from './own/comfyui.ts';
import type { ConfiguredVendor } from './own/configured-vendor.ts';
import { createDashscopeLane } from './dashscope/dashscope.ts';
import { createDemoLane } from './demo.ts';
import { createGeminiBatchLane } from './gemini/gemini-batch.ts';
import { createGeminiLane } from './gemini/gemini.ts';
import { createKlingLane } from './kling/kling.ts';
import type { LaneConfig } from './lane-config.ts';
import { createManyPromptsLane } from './many-prompts/many-prompts.ts';
import { createOpenaiBatchLane } from './openai/openai-batch.ts';
import { createCompatibleLane } from './own/openai-compatible.ts';
import { createOpenaiLane } from './openai/openai.ts';
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
  /** Variable of the key that reads the account's usage, where that takes another one. */
  readonly adminKeyVariable?: string;
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
  /** Present where the user has named it in the configuration. */
  readonly configured?: ConfiguredVendor;
  /** Why it cannot be used although its key is there, and what to do about it. */
  readonly problem?: () => string | undefined;
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
    adminKeyVariable: 'OPENAI_ADMIN_KEY',
  }),
  withKey('bfl', 'Black Forest Labs', 'https://api.bfl.ai', createBflLane),
  withKey(
    'gemini',
    'Google Gemini',
    'https://generativelanguage.googleapis.com',
    createGeminiLane,
    { createBatchLane: createGeminiBatchLane },
  ),
  withKey('kling', 'Kling', 'https://api-singapore.klingai.com', createKlingLane),
  withKey('dashscope', 'DashScope', 'https://dashscope-intl.aliyuncs.com', createDashscopeLane),
];

/** The built-in vendors, then those of the configuration by the user's names of them. */
export function vendorsOf(
  configured: Readonly<Record<string, ConfiguredVendor>> = {},
): readonly VendorEntry[] {
  const own = Object.entries(configured).map(([name, vendor]) => entryOf(name, vendor));
  return [...vendors, ...own];
}

function entryOf(name: string, vendor: ConfiguredVendor): VendorEntry {
  const { keyVariable, slots } = vendor;
  return {
    name,
    title: `${name} (${vendor.kind})`,
    configured: vendor,
    ...(keyVariable !== undefined && { keyVariable }),
    ...(slots !== undefined && { concurrency: slots }),
    ...kindOf(name, vendor),
  };
}

/** What each kind of a configured vendor is made with; the addresses are what the servers start with. */
function kindOf(name: string, vendor: ConfiguredVendor): Partial<VendorEntry> {
  switch (vendor.kind) {
    case 'openai-compatible':
      return { createLane: (config) => createCompatibleLane({ ...config, name, vendor }) };
    case 'automatic1111':
      return {
        defaultBaseUrl: 'http://127.0.0.1:7860',
        createLane: (config) => createAutomatic1111Lane({ ...config, name, vendor }),
      };
    case 'comfyui':
      return {
        defaultBaseUrl: 'http://127.0.0.1:8188',
        createLane: (config) => createComfyuiLane({ ...config, name, vendor }),
      };
    case 'ai-sdk':
      return {
        createLane: (config) => createAiSdkLane({ ...config, name, vendor }),
        problem: () => packageProblem(vendor),
      };
    case 'many-prompts':
      return {
        createManyLane: (config) => ({ ...createManyPromptsLane(config), vendor: name }),
      };
  }
  return vendor satisfies never;
}

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
