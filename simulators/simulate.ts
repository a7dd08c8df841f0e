import type { Behaviour } from './behaviour.ts';
import { createBflSimulator } from './bfl/bfl-simulator.ts';
import { createKlingSimulator } from './kling/kling-simulator.ts';
import { createOpenaiSimulator } from './openai/openai-simulator.ts';
import { serveSimulators, type BaseUrls } from './serve.ts';
import type { Simulator } from './simulator.ts';
import { systemClock } from './system-clock.ts';

export interface SimulateOptions extends Behaviour {
  /** OpenAI's port; BFL and Kling take the next two. 0 (default): any free ones. */
  readonly port?: number;
  /** 127.0.0.1 by default: there is no reason to let others in. */
  readonly host?: string;
  /** 1 by default. */
  readonly seed?: number;
}

/** Three running simulators. Disposing of it closes them. */
export interface Simulation extends AsyncDisposable {
  readonly urls: BaseUrls;
  readonly openai: Simulator;
  readonly bfl: Simulator;
  readonly kling: Simulator;
  /** Keys and base URLs by the names that Imagemill and the vendors' clients read. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same as lines to paste into a shell: `export OPENAI_API_KEY=…`. */
  readonly exportLines: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts all three vendors with the same behaviour, to rehearse a run for nothing. */
export async function simulate(options: SimulateOptions = {}): Promise<Simulation> {
  const { port, host, ...behaviour } = options;
  const vendor = { clock: systemClock, ...behaviour };
  const openai = createOpenaiSimulator(vendor);
  const bfl = createBflSimulator(vendor);
  const kling = createKlingSimulator(vendor);
  const served = await serveSimulators({
    openai,
    bfl,
    kling,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  const environment = environmentOf(served.urls, options.apiKey ?? 'simulated-key');
  const exportLines = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  const { urls, close } = served;
  return {
    urls,
    openai,
    bfl,
    kling,
    environment,
    exportLines,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function environmentOf(urls: BaseUrls, key: string): Record<string, string> {
  return {
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: urls.openai,
    BFL_API_KEY: key,
    BFL_BASE_URL: urls.bfl,
    KLING_API_KEY: key,
    KLING_BASE_URL: urls.kling,
  };
}
