import type { Behaviour } from './behaviour.ts';
import { serveSimulators, type BaseUrls } from './serve.ts';
import {
  createSimulators,
  SIMULATED_VENDORS,
  simulatedVendors,
  type SimulatedVendor,
  type SimulatedVendorEntry,
} from './simulated-vendors.ts';
import type { Simulator } from './simulator.ts';
import { systemClock } from './system-clock.ts';

export { SIMULATED_VENDORS } from './simulated-vendors.ts';

export interface SimulateOptions extends Behaviour {
  /** The first vendor's port; the others take the next ones. 0 (default): any free ones. */
  readonly port?: number;
  /** 127.0.0.1 by default: there is no reason to let others in. */
  readonly host?: string;
  /** 1 by default. */
  readonly seed?: number;
}

/** Running simulators, one of each vendor. Disposing of it closes them. */
export interface Simulation extends Readonly<Record<SimulatedVendor, Simulator>>, AsyncDisposable {
  readonly urls: BaseUrls;
  /** Keys and base URLs by the names that Imagemill and the vendors' clients read. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same as lines to paste into a shell: `export OPENAI_API_KEY=…`. */
  readonly exportLines: readonly string[];
  /** Lines for the config file's `vendors:`, for those that are named there. */
  readonly configLines: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts all vendors with the same behaviour, to rehearse a run for nothing. */
export async function simulate(options: SimulateOptions = {}): Promise<Simulation> {
  const { port, host, ...behaviour } = options;
  const simulators = createSimulators(() => ({ clock: systemClock, ...behaviour }));
  const served = await serveSimulators({
    ...simulators,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  const environment = environmentOf(served.urls, options.apiKey ?? 'simulated-key');
  const exportLines = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  const configLines = configLinesOf(served.urls);
  const { urls, close } = served;
  return {
    ...simulators,
    urls,
    environment,
    exportLines,
    configLines,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function environmentOf(urls: BaseUrls, key: string): Record<string, string> {
  return Object.fromEntries(
    SIMULATED_VENDORS.flatMap((name) => {
      const { variables, more = {} }: SimulatedVendorEntry = simulatedVendors[name];
      if (variables === undefined) return [];
      return [
        [`${variables}_API_KEY`, key],
        [`${variables}_BASE_URL`, urls[name]],
        ...Object.entries(more),
      ];
    }),
  );
}

function configLinesOf(urls: BaseUrls): string[] {
  return SIMULATED_VENDORS.flatMap((name) => {
    const { kind, variables }: SimulatedVendorEntry = simulatedVendors[name];
    const key = variables === undefined ? '' : `, key_variable: ${variables}_API_KEY`;
    const line = `  ${name}: { kind: ${kind}, base_url: ${urls[name]}${key} }`;
    return kind === undefined ? [] : [line];
  });
}
