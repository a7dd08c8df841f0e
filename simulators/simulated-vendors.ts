import { createA1111Simulator } from './a1111/a1111-simulator.ts';
import type { VendorName } from './bill.ts';
import { createBflSimulator } from './bfl/bfl-simulator.ts';
import { createComfyuiSimulator } from './comfyui/comfyui-simulator.ts';
import { createDashscopeSimulator } from './dashscope/dashscope-simulator.ts';
import { createGeminiSimulator } from './gemini/gemini-simulator.ts';
import { createKlingSimulator } from './kling/kling-simulator.ts';
import { createManyPromptsSimulator } from './many-prompts/many-prompts-simulator.ts';
import { createOpenaiSimulator } from './openai/openai-simulator.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';

export interface SimulatedVendorEntry {
  readonly create: (options: SimulatorOptions) => Simulator;
  /** What the vendor's base URL ends in after the host. */
  readonly basePath: '' | '/v1';
  /** Beginning of its variables: `OPENAI` for `OPENAI_API_KEY` and `OPENAI_BASE_URL`. */
  readonly variables?: string;
  /** Further variables, with what stands for them. */
  readonly more?: Readonly<Record<string, string>>;
  /** Its kind, where it is none of the vendors that are built in but one for the config file. */
  readonly kind?: string;
}

/** All simulated vendors, one line each, in the order of their ports. */
export const simulatedVendors = {
  openai: {
    create: createOpenaiSimulator,
    basePath: '/v1',
    variables: 'OPENAI',
    more: { OPENAI_ADMIN_KEY: 'sk-admin-simulated' },
  },
  bfl: { create: createBflSimulator, basePath: '', variables: 'BFL' },
  kling: { create: createKlingSimulator, basePath: '', variables: 'KLING' },
  gemini: { create: createGeminiSimulator, basePath: '', variables: 'GEMINI' },
  dashscope: { create: createDashscopeSimulator, basePath: '', variables: 'DASHSCOPE' },
  'many-prompts': {
    create: createManyPromptsSimulator,
    basePath: '',
    variables: 'MANY_PROMPTS',
    kind: 'many-prompts',
  },
  a1111: { create: createA1111Simulator, basePath: '', kind: 'automatic1111' },
  comfyui: { create: createComfyuiSimulator, basePath: '', kind: 'comfyui' },
} as const satisfies Partial<Record<VendorName, SimulatedVendorEntry>>;

export type SimulatedVendor = keyof typeof simulatedVendors;

export const SIMULATED_VENDORS = Object.keys(simulatedVendors) as readonly SimulatedVendor[];

/** One simulator of each vendor, made by `optionsOf`. */
export function createSimulators(
  optionsOf: (name: SimulatedVendor) => SimulatorOptions,
): Record<SimulatedVendor, Simulator> {
  const made = SIMULATED_VENDORS.map((name) => [
    name,
    simulatedVendors[name].create(optionsOf(name)),
  ]);
  return Object.fromEntries(made) as Record<SimulatedVendor, Simulator>;
}
