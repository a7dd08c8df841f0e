/** What every command needs: the screen, the configuration, and an engine opened from both. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CredentialSettings } from '../engine/core/credentials.ts';
import { InputError, type Problem } from '../engine/core/errors.ts';
import type { Engine, EngineConfig, VendorAccount } from '../engine/engine-types.ts';
import type { ConfiguredVendor, EngineOptions } from '../engine/index.ts';
import type { VendorConfig } from './config.ts';
import { type ConfigFile, readConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { readCredentials } from './credentials.ts';
import { readOwnVendors } from './own-vendors.ts';
import { Screen } from './screen.ts';
import { storeTrouble } from './store-trouble.ts';

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
export async function openSession(
  options: CommonOptions,
  { worker }: { readonly worker?: EngineConfig['worker'] } = {},
): Promise<Session> {
  const environment = process.env;
  const workingFolder = process.cwd();
  const home = homeFolder(options.home, environment, workingFolder);
  const given = options.config ?? environment['IMAGEMILL_CONFIG'];
  const config = await readConfig({ workingFolder, home, ...(given && { given }) });
  const { own = {}, file = '' } = config;
  const configured = await readOwnVendors(own, file, workingFolder);
  const { checkCredentials, createEngine, vendors } = await import('../engine/index.ts');
  const check = (settings: CredentialSettings) => checkCredentials(settings, Date.now());
  const credentials =
    config.credentials && (await readCredentials(config.credentials, { file, environment, check }));
  const databaseUrl = environment['DATABASE_URL']?.trim();
  const secret = environment['IMAGEMILL_SECRET']?.trim();
  const engine = await createEngine({
    home,
    ...(databaseUrl && { databaseUrl }),
    ...s3Settings(environment),
    config: {
      ...engineConfig(config, vendors, environment, configured),
      ...(credentials && { credentials }),
      ...(secret && { secret }),
      // What is no service takes no work of one, and tells nobody that it would.
      worker: worker ?? { kinds: [] },
      packageFolders: [workingFolder, ...(file === '' ? [] : [dirname(file)])],
    },
  }).catch((error: unknown) => {
    const told = storeTrouble(error, databaseUrl || undefined);
    throw config.file === undefined ? told : placedIn(config.file, told);
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

/** The bucket that images are kept in. Credentials are found by the usual variables and files of AWS. */
export function s3Settings(environment: Environment): Pick<EngineOptions, 's3' | 'mostCopyBytes'> {
  const variable = (name: string) => environment[`IMAGEMILL_S3_${name}`]?.trim() || undefined;
  const bucket = variable('BUCKET');
  if (bucket === undefined) return {};
  const endpoint = variable('ENDPOINT');
  const region = variable('REGION') ?? environment['AWS_REGION']?.trim();
  const prefix = variable('PREFIX');
  const copies = variable('COPIES_GB');
  if (copies !== undefined && !(Number(copies) > 0)) throw new InputError([wrongCopies(copies)]);
  return {
    ...(copies !== undefined && { mostCopyBytes: Number(copies) * 1e9 }),
    s3: {
      bucket,
      ...(endpoint && { endpoint }),
      ...(region && { region }),
      ...(prefix && { prefix: prefix.endsWith('/') ? prefix : `${prefix}/` }),
    },
  };
}

function wrongCopies(value: string): Problem {
  return {
    value,
    message: 'IMAGEMILL_S3_COPIES_GB is no number above 0',
    remedy: 'Write how many gigabytes of copies this machine may have, like 50, or leave it out.',
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
  readonly adminKeyVariable?: string;
}

/**
 * Keys come from the environment only; a base URL of the environment goes before the file's.
 * @throws InputError when the file speaks of a vendor that there is not
 */
export function engineConfig(
  config: ConfigFile,
  vendors: readonly VendorVariables[],
  environment: Environment,
  configured: Readonly<Record<string, ConfiguredVendor>> = {},
): EngineConfig {
  checkNames(config, vendors);
  const own = Object.entries(configured).map(([name, { keyVariable }]) => {
    const file = { base_url: config.own?.[name]?.base_url };
    return [name, account({ name, ...(keyVariable && { keyVariable }) }, file, environment)];
  });
  return {
    vendors: Object.fromEntries([
      ...vendors.map((vendor) => [
        vendor.name,
        account(vendor, config.vendors[vendor.name] ?? {}, environment),
      ]),
      ...own,
    ]),
    ...(own.length > 0 && { configured }),
    ...(config.auto && { autoModels: config.auto }),
    ...(config.imagesPerHour !== undefined && {
      workspace: { id: 'local', imagesPerHour: config.imagesPerHour },
    }),
    ...(config.models !== undefined && { models: config.models }),
    ...(config.turns && { turns: turnsOf(config.turns) }),
    ...(config.service?.credits && { credits: config.service.credits }),
    ...(config.allowPrivateReferences && { references: { allowPrivate: true } }),
  };
}

function turnsOf({ most_in_flight, weights }: NonNullable<ConfigFile['turns']>) {
  return {
    ...(most_in_flight !== undefined && { mostInFlight: most_in_flight }),
    ...(weights !== undefined && { weights }),
  };
}

function checkNames({ file, vendors }: ConfigFile, known: readonly VendorVariables[]): void {
  const unknown = Object.keys(vendors).filter((name) => !known.some((each) => each.name === name));
  if (unknown.length === 0) return;
  const names = known.map(({ name }) => name).join(', ');
  throw new InputError(
    unknown.map((name) => ({
      ...(file !== undefined && { file }),
      column: `vendors.${name}`,
      message: 'There is no built-in vendor of this name',
      remedy: `Use one of ${names}, or say the kind of your own: kind: automatic1111, comfyui, openai-compatible, ai-sdk or many-prompts.`,
    })),
  );
}

function account(
  { keyVariable, baseUrlVariable, adminKeyVariable }: VendorVariables,
  file: VendorConfig,
  environment: Environment,
): VendorAccount {
  const variable = (name: string | undefined) =>
    name === undefined ? undefined : environment[name]?.trim() || undefined;
  const apiKey = variable(keyVariable);
  const adminKey = variable(adminKeyVariable);
  const baseUrl = variable(baseUrlVariable) ?? file.base_url;
  const { tier, limits, concurrency, shares } = file;
  return {
    ...(apiKey !== undefined && { apiKey }),
    ...(adminKey !== undefined && { adminKey }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(tier !== undefined && { tier }),
    ...(limits !== undefined && { limits }),
    ...(concurrency !== undefined && { concurrency }),
    ...(shares !== undefined && { shares }),
  };
}

/** What the engine finds wrong with its configuration, with the file that says it. */
function placedIn(file: string, error: unknown): unknown {
  if (!(error instanceof InputError)) return error;
  return new InputError(error.problems.map((problem) => ({ file, ...problem })));
}
