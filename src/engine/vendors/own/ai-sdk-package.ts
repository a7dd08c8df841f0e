/** Finds and loads a provider package of the AI SDK, which the user has installed, not we. */
import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImageModelV4 } from '@ai-sdk/provider';
import type { AiSdkVendor } from './configured-vendor.ts';

/** What a factory (`createOpenAI`, `createFal`, …) takes; packages know these by the same names. */
export interface ProviderSettings {
  readonly apiKey: string;
  readonly baseURL?: string;
  readonly fetch: typeof globalThis.fetch;
}

/** A provider, as far as it makes image models. */
export interface ImageProvider {
  readonly imageModel?: (id: string) => ImageModelV4;
  readonly image?: (id: string) => ImageModelV4;
}

export type ProviderFactory = (settings: ProviderSettings) => ImageProvider;

/** Something that the user must mend in the configuration or by installing; the words say what. */
export class PackageProblem extends Error {
  override readonly name = 'PackageProblem';
}

/** @throws PackageProblem */
export async function loadFactory(vendor: AiSdkVendor): Promise<ProviderFactory> {
  const file = locate(vendor);
  if (file === undefined) throw new PackageProblem(notInstalled(vendor));
  const loaded = await importFile(vendor, file);
  return factoryIn(vendor, loaded);
}

/** What keeps the package from being loaded, without running any of its code. */
export function packageProblem(vendor: AiSdkVendor): string | undefined {
  return locate(vendor) === undefined ? notInstalled(vendor) : undefined;
}

function notInstalled(vendor: AiSdkVendor): string {
  const [folder = '.'] = vendor.folders;
  return isPath(vendor.package)
    ? `There is no file ${resolve(folder, vendor.package)}. Correct package.`
    : `The package ${vendor.package} is not installed. Run \`npm install ${vendor.package}\` in ${folder}.`;
}

/** The user's folders come first, then ours. */
function locate({ package: name, folders }: AiSdkVendor): string | undefined {
  for (const folder of folders) {
    const found = resolveFrom(name, join(folder, 'imagemill.js'));
    if (found !== undefined) return found;
  }
  return isPath(name) ? undefined : resolveFrom(name, import.meta.filename);
}

function isPath(name: string): boolean {
  return name.startsWith('./') || name.startsWith('../') || isAbsolute(name);
}

function resolveFrom(name: string, file: string): string | undefined {
  try {
    return createRequire(file).resolve(name);
  } catch {
    return isPath(name) ? undefined : entryFor(name, file);
  }
}

/** The entry of a package that only `import` may load, which `require.resolve` does not find. */
function entryFor(name: string, file: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, pathToFileURL(file));
    if (manifest === undefined) return undefined;
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown };
    const entry = importTarget(exports);
    return entry === undefined ? undefined : join(dirname(manifest), entry);
  } catch {
    return undefined;
  }
}

/** `"./index.js"`, `{import: "./index.js"}`, `{".": {import: {default: "./index.js"}}}`. */
function importTarget(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const choices = exports as Readonly<Record<string, unknown>>;
  return importTarget(choices['.'] ?? choices['node'] ?? choices['import'] ?? choices['default']);
}

async function importFile(
  vendor: AiSdkVendor,
  file: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new PackageProblem(`${vendor.package} cannot be loaded: ${words}`, { cause: error });
  }
}

/** `createFal` of `@ai-sdk/fal`: the one named, the only one, or the one named like the package. */
function factoryIn(
  vendor: AiSdkVendor,
  loaded: Readonly<Record<string, unknown>>,
): ProviderFactory {
  const factories = Object.entries(loaded).filter(
    (entry): entry is [string, ProviderFactory] =>
      typeof entry[1] === 'function' && /^create[A-Z]/.test(entry[0]),
  );
  const names = factories.map(([name]) => name).join(', ') || 'none';
  if (vendor.factory !== undefined) {
    const named = factories.find(([name]) => name === vendor.factory);
    if (named !== undefined) return named[1];
    const words = `${vendor.package} has no ${vendor.factory}; it has ${names}.`;
    throw new PackageProblem(words);
  }
  // A package may export one factory by an older name as well.
  const different = [...new Set(factories.map(([, factory]) => factory))];
  const like = `create${vendor.package.replace(/^.*\//, '').replaceAll('-', '')}`.toLowerCase();
  const chosen =
    different.length === 1
      ? different[0]
      : factories.find(([name]) => name.toLowerCase() === like)?.[1];
  if (chosen !== undefined) return chosen;
  throw new PackageProblem(
    `Which export of ${vendor.package} makes the provider? Say it with factory; it has ${names}.`,
  );
}
