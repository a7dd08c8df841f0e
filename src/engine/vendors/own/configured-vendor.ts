/**
 * Vendors that a user names in the configuration: servers of his own, and packages of the AI SDK. Each has
 * its own account, price (the models') and slots. Keys are never part of this; they come with `LaneConfig`.
 */
import type { LimitRule } from '../../core/limit.ts';
import type { LaneConfig } from '../lane-config.ts';

/** A value of JSON; texts in it may hold placeholders (`placeholders.ts`). */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

interface Common {
  /** Most requests at a time, over all its models and all processes; absent: not bounded by us. */
  readonly slots?: number;
  /** The environment variable of its key; absent: it needs none. */
  readonly keyVariable?: string;
  /** Figures of the account, over all its models: `images-per-minute`, `requests-per-minute`. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Fields that go along with each request, and those of one model (by its wire name) over them. */
  readonly options?: JsonObject;
  readonly optionsFor?: Readonly<Record<string, JsonObject>>;
}

/** A server with OpenAI's `/images/generations`: LocalAI, stable-diffusion.cpp, Ollama, LiteLLM, … */
export interface CompatibleVendor extends Common {
  readonly kind: 'openai-compatible';
  /** The header that carries the key as it is; absent: `authorization: Bearer …`. */
  readonly keyHeader?: string;
}

/** AUTOMATIC1111's web UI, or Forge, started with `--api`. */
export interface Automatic1111Vendor extends Common {
  readonly kind: 'automatic1111';
}

export interface ComfyuiVendor extends Common {
  readonly kind: 'comfyui';
  readonly keyHeader?: string;
  /** Graphs in API format by the wire name of a model; `*` is for every other model. */
  readonly workflows: Readonly<Record<string, JsonObject>>;
}

/** An image model of Vercel's AI SDK, whose provider package the user has installed. */
export interface AiSdkVendor extends Common {
  readonly kind: 'ai-sdk';
  /** A package (`@ai-sdk/fal`), or the path of a file of one's own that exports a factory. */
  readonly package: string;
  /** The export that makes the provider; absent: the only one named `create…`. */
  readonly factory?: string;
  /** How the model is asked for a size; absent: as the package is known to want it. */
  readonly asksBy?: 'size' | 'ratio';
  /** Folders from which the package is looked for, in this order, before our own. */
  readonly folders: readonly string[];
}

/** A server of `docs/many-prompts-protocol.md`, which takes the prompts of many rows in one call. */
export interface ManyPromptsVendor extends Omit<Common, 'options' | 'optionsFor'> {
  readonly kind: 'many-prompts';
}

export type ConfiguredVendor =
  | CompatibleVendor
  | Automatic1111Vendor
  | ComfyuiVendor
  | AiSdkVendor
  | ManyPromptsVendor;
export type VendorKind = ConfiguredVendor['kind'];

/** What the lane of a configured vendor is made from. `name` is the user's own name of the vendor. */
export interface ConfiguredLaneConfig<Vendor extends ConfiguredVendor> extends LaneConfig {
  readonly name: string;
  readonly vendor: Vendor;
}

/** The options of one model, its own over those of the vendor. */
export function optionsOf(vendor: Common, wire: string): JsonObject {
  return { ...vendor.options, ...vendor.optionsFor?.[wire] };
}

/** Kinds that can say that it is too much; the others let requests wait in a queue of their own. */
const MAY_PUSH_BACK: ReadonlySet<VendorKind> = new Set([
  'ai-sdk',
  'many-prompts',
  'openai-compatible',
]);
export const ACCOUNT_LIMITS = ['requests-per-minute', 'images-per-minute'] as const;
const MINUTE_MS = 60_000;

/**
 * The limits of the whole account. Where a server may push back there is a window even without a
 * figure, which is then learned: a refusal must make a pause.
 */
export function accountRules({ kind, slots, limits = {} }: ConfiguredVendor): LimitRule[] {
  const given = 'the config file';
  const windows = ACCOUNT_LIMITS.flatMap((name): LimitRule[] => {
    const max = limits[name];
    const isLearned = name === 'requests-per-minute' && MAY_PUSH_BACK.has(kind);
    if (max === undefined && !isLearned) return [];
    const unit = name === 'requests-per-minute' ? 'requests' : 'images';
    const source = max === undefined ? 'nobody has told it' : given;
    return [{ kind: 'window', name, unit, max, windowMs: MINUTE_MS, source }];
  });
  if (slots === undefined) return windows;
  return [
    { kind: 'slots', name: 'slots', unit: 'requests', max: slots, source: given },
    ...windows,
  ];
}

/** The key as a header, or none where there is no key. */
export function keyHeaders(apiKey: string, header?: string): Readonly<Record<string, string>> {
  if (apiKey === '') return {};
  return header === undefined ? { authorization: `Bearer ${apiKey}` } : { [header]: apiKey };
}
