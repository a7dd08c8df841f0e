/** Reads the user's own vendors of the config file into what the engine takes, with the files they name. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { InputError, type Problem } from '../engine/core/errors.ts';
import type { ConfiguredVendor, JsonObject } from '../engine/index.ts';
import { type OwnVendor, SLOTS } from './own-vendor-schema.ts';

/**
 * The vendors as the engine takes them, the workflows read. Paths are from the config file's folder.
 * @throws InputError with every file that cannot be used
 */
export async function readOwnVendors(
  vendors: Readonly<Record<string, OwnVendor>>,
  file: string,
  workingFolder: string,
): Promise<Readonly<Record<string, ConfiguredVendor>>> {
  const problems: Problem[] = [];
  const folder = dirname(file);
  const folders = [...new Set([folder, workingFolder])];
  const read: [string, ConfiguredVendor][] = [];
  for (const [vendorName, vendor] of Object.entries(vendors)) {
    const place = { file, column: `vendors.${vendorName}`, folder, problems };
    read.push([vendorName, await toConfigured(vendor, folders, place)]);
  }
  if (problems.length > 0) throw new InputError(problems);
  return Object.fromEntries(read);
}

interface Place {
  readonly file: string;
  readonly column: string;
  readonly folder: string;
  readonly problems: Problem[];
}

async function toConfigured(
  vendor: OwnVendor,
  folders: readonly string[],
  place: Place,
): Promise<ConfiguredVendor> {
  const common = commonOf(vendor);
  switch (vendor.kind) {
    case 'openai-compatible':
      return { kind: vendor.kind, ...common, ...keyHeaderOf(vendor) };
    case 'automatic1111':
    case 'many-prompts':
      return { kind: vendor.kind, ...common };
    case 'comfyui': {
      const files = { ...(vendor.workflow && { '*': vendor.workflow }), ...vendor.workflows };
      const workflows = await readWorkflows(files, place);
      return { kind: vendor.kind, ...common, ...keyHeaderOf(vendor), workflows };
    }
    case 'ai-sdk': {
      const { kind, package: packageName, factory, asks_by } = vendor;
      return {
        kind,
        package: packageName,
        folders,
        ...common,
        ...(factory !== undefined && { factory }),
        ...(asks_by !== undefined && { asksBy: asks_by }),
      };
    }
  }
  return vendor satisfies never;
}

function commonOf(vendor: OwnVendor) {
  const { kind, slots = SLOTS[kind], key_variable, limits = {} } = vendor;
  const figures = Object.entries(limits).flatMap(([limit, figure]): [string, number][] =>
    figure === undefined ? [] : [[limit, figure]],
  );
  const options = 'options' in vendor ? vendor.options : undefined;
  const optionsFor = 'options_for' in vendor ? vendor.options_for : undefined;
  return {
    slots,
    ...(key_variable !== undefined && { keyVariable: key_variable }),
    ...(figures.length > 0 && { limits: Object.fromEntries(figures) }),
    ...(options !== undefined && { options }),
    ...(optionsFor !== undefined && { optionsFor }),
  };
}

function keyHeaderOf({ key_header }: { readonly key_header?: string | undefined }) {
  return { ...(key_header !== undefined && { keyHeader: key_header }) };
}

async function readWorkflows(
  files: Readonly<Record<string, string>>,
  { file, column, folder, problems }: Place,
): Promise<Record<string, JsonObject>> {
  const workflows: Record<string, JsonObject> = {};
  for (const [wire, path] of Object.entries(files)) {
    const full = resolve(folder, path);
    try {
      workflows[wire] = workflowSchema.parse(JSON.parse(await readFile(full, 'utf8')));
    } catch (error) {
      problems.push({
        file,
        column: wire === '*' ? `${column}.workflow` : `${column}.workflows.${wire}`,
        value: full,
        message: `The workflow cannot be read (${whyUnread(error)})`,
        remedy: 'Correct the path, or export the workflow again with File > Export (API).',
      });
    }
  }
  return workflows;
}

const workflowSchema = z.record(z.string(), z.json());

function whyUnread(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'it is no JSON object';
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'it is not there'
    : String(error instanceof Error ? error.message : error);
}
