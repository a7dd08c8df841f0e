/** What every command needs: the screen, the configuration, and an engine opened from both. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Engine, EngineConfig, VendorAccount } from '../engine/engine-types.ts';
import type { VendorConfig } from './config.ts';
import { type ConfigFile, readConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { Screen } from './screen.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly config?: string;
}

export interface Session extends AsyncDisposable {
  readonly screen: Screen;
  readonly engine: Engine;
  readonly config: ConfigFile;
  readonly environment: Environment;
  readonly workingFolder: string;
}

/** Opens the engine that a command works with. Dispose of it before leaving. */
export async function openSession(options: CommonOptions): Promise<Session> {
  const environment = process.env;
  const workingFolder = process.cwd();
  const home = homeFolder(options.home, environment, workingFolder);
  const given = options.config ?? environment['IMAGEMILL_CONFIG'];
  const config = await readConfig({ workingFolder, home, ...(given && { given }) });
  const { createEngine, vendors } = await import('../engine/index.ts');
  const databaseUrl = environment['DATABASE_URL']?.trim();
  const engine = await createEngine({
    home,
    ...(databaseUrl && { databaseUrl }),
    config: engineConfig(config, vendors, environment),
  });
  return {
    screen: Screen.ofProcess(options.json === true),
    engine,
    config,
    environment,
    workingFolder,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** `--home`, `IMAGEMILL_HOME`, or `.imagemill` in the user's home folder. */
export function homeFolder(
  given: string | undefined,
  environment: Environment,
  workingFolder: string,
): string {
  const wanted = given ?? environment['IMAGEMILL_HOME']?.trim();
  return wanted ? resolve(workingFolder, wanted) : join(homedir(), '.imagemill');
}

/** A vendor of the engine's registry, as far as its account is concerned. */
export interface VendorVariables {
  readonly name: string;
  readonly keyVariable?: string;
  readonly baseUrlVariable?: string;
}

/** Keys come from the environment only; a base URL of the environment goes before the file's. */
export function engineConfig(
  config: ConfigFile,
  vendors: readonly VendorVariables[],
  environment: Environment,
): EngineConfig {
  return {
    vendors: Object.fromEntries(
      vendors.map((vendor) => [
        vendor.name,
        account(vendor, config.vendors[vendor.name] ?? {}, environment),
      ]),
    ),
    ...(config.auto && { autoModels: config.auto }),
    ...(config.imagesPerHour !== undefined && {
      workspace: { id: 'local', imagesPerHour: config.imagesPerHour },
    }),
    ...(config.models !== undefined && { models: config.models }),
  };
}

function account(
  { keyVariable, baseUrlVariable }: VendorVariables,
  file: VendorConfig,
  environment: Environment,
): VendorAccount {
  const variable = (name: string | undefined) =>
    name === undefined ? undefined : environment[name]?.trim() || undefined;
  const apiKey = variable(keyVariable);
  const baseUrl = variable(baseUrlVariable) ?? file.base_url;
  const { tier, limits, concurrency } = file;
  return {
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(tier !== undefined && { tier }),
    ...(limits !== undefined && { limits }),
    ...(concurrency !== undefined && { concurrency }),
  };
}
