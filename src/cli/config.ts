/** The config file `imagemill.yaml`: found, read and checked; all its problems at once. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { InputError, type Problem } from '../engine/core/errors.ts';
import { checkCredentialsSection, type CredentialsConfig } from './credentials-schema.ts';
import { isKeyName } from './key-names.ts';
import { checkOwnVendor, type OwnVendor } from './own-vendor-schema.ts';
import { checkServiceSections, SERVICE_SECTIONS, type ServiceConfig } from './service-schema.ts';

export const CONFIG_NAME = 'imagemill.yaml';

/** Images in any hour that the tier `standard` makes. */
const STANDARD_IMAGES_PER_HOUR = 200;

const whole = z.int().positive();

/** `50%`, as a part of 1. */
const percent = z
  .string()
  .regex(/^(100|[1-9]\d?)%$/, 'This is no percentage from 1% to 100%')
  .transform((text) => Number.parseInt(text, 10) / 100);

const vendorSchema = z.strictObject({
  tier: z.string().min(1).optional(),
  limits: z.record(z.string().min(1), whole).optional(),
  concurrency: whole.optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  shares: z.record(z.string().min(1), percent).optional(),
});

const workspaceSchema = z.union([
  z.strictObject({ tier: z.literal('standard') }),
  z.strictObject({ images_per_hour: whole }),
]);

const referencesSchema = z.strictObject({ allow_private: z.boolean().optional() });

const turnsSchema = z.strictObject({
  most_in_flight: whole.optional(),
  weights: z.record(z.string().min(1), z.number().positive().max(1_000)).optional(),
});

const configSchema = z.strictObject({
  defaults: z.record(z.string(), z.unknown()).optional(),
  vendors: z.record(z.string().min(1), vendorSchema).optional(),
  auto: z.array(z.string().min(1)).optional(),
  workspace: workspaceSchema.optional(),
  models: z.record(z.string(), z.unknown()).optional(),
  references: referencesSchema.optional(),
  turns: turnsSchema.optional(),
  /** Checked by itself: what is wrong there is not repeated. */
  credentials: z.unknown().optional(),
  ...Object.fromEntries(SERVICE_SECTIONS.map((name) => [name, z.unknown().optional()])),
});

export type VendorConfig = z.infer<typeof vendorSchema>;

export interface ConfigFile {
  /** Absolute path; absent: there is no config file. */
  readonly file?: string;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** What is said of built-in vendors. */
  readonly vendors: Readonly<Record<string, VendorConfig>>;
  /** Vendors of the user's own, by his names of them; absent: there are none. */
  readonly own?: Readonly<Record<string, OwnVendor>>;
  readonly auto?: readonly string[];
  readonly imagesPerHour?: number;
  /** Overrides of the catalog, checked by the engine. */
  readonly models?: unknown;
  /** Web addresses of references may be on this machine or in its networks. */
  readonly allowPrivateReferences?: boolean;
  /** How runs of one process compete. */
  readonly turns?: z.infer<typeof turnsSchema>;
  /** Packs that are sold, and ceilings that rise with them. */
  readonly service?: ServiceConfig;
  /** What finished files are signed with, and who is trusted. */
  readonly credentials?: CredentialsConfig;
}

export interface ConfigPlaces {
  /** As given by `--config` or `IMAGEMILL_CONFIG`; then it must exist. */
  readonly given?: string;
  readonly workingFolder: string;
  readonly home: string;
}

/**
 * Reads the first config file of: the one given, the working folder's, the home folder's.
 * @throws InputError with every problem, each with its path in the file
 */
export async function readConfig(places: ConfigPlaces): Promise<ConfigFile> {
  const { given, workingFolder, home } = places;
  const files =
    given === undefined
      ? [join(workingFolder, CONFIG_NAME), join(home, CONFIG_NAME)]
      : [resolve(workingFolder, given)];
  for (const file of files) {
    const text = await readIfThere(file);
    if (text !== undefined) return checkConfig(text, file);
  }
  if (given === undefined) return { defaults: {}, vendors: {} };
  throw new InputError([
    {
      value: files[0] ?? given,
      message: 'The config file is not there',
      remedy: 'Correct --config (or IMAGEMILL_CONFIG), or leave it out.',
    },
  ]);
}

/** @throws InputError with every problem of the text */
export function checkConfig(text: string, file: string): ConfigFile {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file,
        ...(error.linePos && { line: error.linePos[0].line }),
        message: `This is not YAML: ${error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? ''}`,
        remedy: 'Correct the line; `imagemill help configuration` shows an example.',
      })),
    );
  }
  const raw: unknown = document.toJS() ?? {};
  const problems = keysIn(raw, file);
  const own = ownVendorsIn(raw, file, problems);
  const section = isRecord(raw) ? raw['credentials'] : undefined;
  const credentials =
    section === undefined ? undefined : checkCredentialsSection(section, file, problems);
  const service = checkServiceSections(raw, file, problems);
  const result = configSchema.safeParse(withoutOwnVendors(raw));
  problems.push(...(result.error?.issues ?? []).flatMap((issue) => problemsOf(issue, raw, file)));
  if (!result.success || problems.length > 0) throw new InputError(problems);
  const { defaults = {}, vendors = {}, auto, workspace, models, references, turns } = result.data;
  return {
    file,
    defaults,
    vendors,
    ...(Object.keys(own).length > 0 && { own }),
    ...(auto !== undefined && { auto }),
    ...(workspace !== undefined && {
      imagesPerHour: 'tier' in workspace ? STANDARD_IMAGES_PER_HOUR : workspace.images_per_hour,
    }),
    ...(models !== undefined && { models }),
    ...(references?.allow_private === true && { allowPrivateReferences: true }),
    ...(credentials !== undefined && { credentials }),
    ...(turns !== undefined && { turns }),
    ...(Object.keys(service).length > 0 && { service }),
  };
}

function vendorsIn(raw: unknown): Record<string, unknown> {
  return isRecord(raw) && isRecord(raw['vendors']) ? raw['vendors'] : {};
}

/** A vendor that says its kind is one of the user's own. */
function isOwn(values: unknown): boolean {
  return isRecord(values) && 'kind' in values;
}

function ownVendorsIn(raw: unknown, file: string, problems: Problem[]): Record<string, OwnVendor> {
  const own = Object.entries(vendorsIn(raw)).filter(([, values]) => isOwn(values));
  return Object.fromEntries(
    own.flatMap(([name, values]) => {
      const vendor = checkOwnVendor(name, values, file, problems);
      return vendor === undefined ? [] : [[name, vendor]];
    }),
  );
}

function withoutOwnVendors(raw: unknown): unknown {
  if (!isRecord(raw) || !isRecord(raw['vendors'])) return raw;
  const builtIn = Object.entries(raw['vendors']).filter(([, values]) => !isOwn(values));
  return { ...raw, vendors: Object.fromEntries(builtIn) };
}

/** A key in a file is copied, committed and shared with it: only the environment may hold one. */
function keysIn(raw: unknown, file: string): Problem[] {
  return Object.entries(vendorsIn(raw)).flatMap(([vendor, values]) =>
    Object.keys(isRecord(values) ? values : {})
      .filter(isKeyName)
      .map((name) => ({
        file,
        column: `vendors.${vendor}.${name}`,
        message: 'A key does not belong in a file, which is copied and committed',
        remedy: `Remove it here (and replace the key if others could read it), and set ${keyVariableOf(vendor, values)} in the environment.`,
      })),
  );
}

function keyVariableOf(vendor: string, values: unknown): string {
  const usual = `${vendor.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_API_KEY`;
  if (!isOwn(values) || !isRecord(values)) return usual;
  const named = values['key_variable'];
  return typeof named === 'string' ? named : `${usual} (named by key_variable: ${usual})`;
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown, file: string): Problem[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownNames(issue.path);
    return issue.keys
      .filter((key) => !(issue.path[0] === 'vendors' && isKeyName(key)))
      .map((key) => ({
        file,
        column: path === '' ? key : `${path}.${key}`,
        message: 'There is no setting of this name',
        remedy: `Remove it; here may stand ${known.join(', ')}.`,
      }));
  }
  const value = valueAt(raw, issue.path);
  return [
    {
      file,
      column: path,
      ...(value !== undefined && { value: JSON.stringify(value) }),
      message:
        issue.path[0] === 'workspace' ? 'This is neither a tier nor a figure' : issue.message,
      remedy:
        issue.path[0] === 'workspace'
          ? 'Write `tier: standard` or `images_per_hour: 500`.'
          : 'Correct the value, or leave it out; `imagemill help configuration` shows an example.',
    },
  ];
}

function knownNames(path: readonly PropertyKey[]): string[] {
  if (path[0] === 'references') return Object.keys(referencesSchema.shape);
  if (path[0] === 'turns') return Object.keys(turnsSchema.shape);
  return Object.keys(path[0] === 'vendors' ? vendorSchema.shape : configSchema.shape);
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isRecord(value) ? value[String(name)] : undefined),
    raw,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const words = error instanceof Error ? error.message : String(error);
    throw new InputError([
      {
        file,
        message: `The config file cannot be read (${words})`,
        remedy: 'Give this user the right to read it, or name another with --config.',
      },
    ]);
  }
}
