/** What can be wrong with the vendors of a configuration, found before anything is planned or paid. */
import { InputError, type Problem } from '../../core/errors.ts';
import type { ComfyuiVendor, ConfiguredVendor, Json, JsonObject } from './configured-vendor.ts';
import { REQUEST_PLACEHOLDERS, placeholdersIn } from './placeholders.ts';
import { vendors } from '../registry.ts';

/** @throws InputError with every problem, each with its path in the configuration */
export function checkConfigured(configured: Readonly<Record<string, ConfiguredVendor>> = {}): void {
  const problems = Object.entries(configured).flatMap(([name, vendor]) => {
    const path = `vendors.${name}`;
    return [
      ...nameProblems(name, path),
      ...keyProblems(vendor, path),
      ...optionProblems(vendor, path),
      ...(vendor.kind === 'comfyui' ? workflowProblems(vendor, path) : []),
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Names stand in tables, in limits' keys and in commands. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/i;

function nameProblems(name: string, path: string): Problem[] {
  if (vendors.some((vendor) => vendor.name === name)) {
    const message = `${name} is the name of a built-in vendor`;
    return [
      { column: path, message, remedy: 'Give your own vendor another name, or leave kind out.' },
    ];
  }
  if (NAME.test(name)) return [];
  const remedy = 'Write letters, digits, dots, hyphens and underscores, 40 at most.';
  return [{ column: path, value: name, message: 'This is no name for a vendor', remedy }];
}

/** Values of variables with such names are kept out of everything that is printed. */
const KEY_VARIABLE = /^[A-Z][A-Z0-9_]*_(KEY|SECRET|TOKEN|PASSWORD|AUTH)$/;

function keyProblems({ keyVariable }: ConfiguredVendor, path: string): Problem[] {
  if (keyVariable === undefined || KEY_VARIABLE.test(keyVariable)) return [];
  return [
    {
      column: `${path}.key_variable`,
      message: 'This is not the name of an environment variable for a key',
      remedy:
        'Write a name in capitals that ends in _KEY, _TOKEN, _SECRET, _PASSWORD or _AUTH, like FORGE_API_KEY; the key itself belongs into the environment.',
    },
  ];
}

function optionProblems(vendor: ConfiguredVendor, path: string): Problem[] {
  // A workflow fills in its options itself.
  if (vendor.kind === 'many-prompts' || vendor.kind === 'comfyui') return [];
  const all: readonly (readonly [string, JsonObject])[] = [
    [`${path}.options`, vendor.options ?? {}],
    ...Object.entries(vendor.optionsFor ?? {}).map(
      ([wire, options]) => [`${path}.options_for.${wire}`, options] as const,
    ),
  ];
  return all.flatMap(([column, options]) =>
    unknownPlaceholders(options, column, REQUEST_PLACEHOLDERS),
  );
}

const IMAGE = /^image_[1-9]\d*$/;

function workflowProblems(vendor: ComfyuiVendor, path: string): Problem[] {
  return Object.entries(vendor.workflows).flatMap(([wire, workflow]) => {
    const column = wire === '*' ? `${path}.workflow` : `${path}.workflows.${wire}`;
    if (!isApiFormat(workflow)) return [notApiFormat(column)];
    const names = placeholdersIn(workflow);
    const options = { ...vendor.options, ...vendor.optionsFor?.[wire] };
    const known = [...REQUEST_PLACEHOLDERS, ...Object.keys(options)];
    const images = [...names].filter((name) => IMAGE.test(name));
    return [
      ...unknownPlaceholders(workflow, column, [...known, ...images]),
      ...(names.has('prompt') ? [] : [withoutPrompt(column)]),
      ...missingPlaces(images, column),
    ];
  });
}

/** Nodes by their ids, each with its class and inputs; the interface's own format has lists instead. */
function isApiFormat(workflow: Json): boolean {
  if (typeof workflow !== 'object' || workflow === null || Array.isArray(workflow)) return false;
  const nodes: readonly Json[] = Object.values(workflow);
  return (
    nodes.length > 0 &&
    nodes.every((node) => typeof node === 'object' && node !== null && 'class_type' in node)
  );
}

function notApiFormat(column: string): Problem {
  return {
    column,
    message: 'The file is not a workflow in API format',
    remedy: 'In ComfyUI choose File > Export (API), which writes nodes with class_type and inputs.',
  };
}

function withoutPrompt(column: string): Problem {
  return {
    column,
    message: 'The workflow has no place for the prompt, so every row would give the same picture',
    remedy: 'Write {{prompt}} as the text of the node that takes it.',
  };
}

function missingPlaces(images: readonly string[], column: string): Problem[] {
  const missing = images.findIndex((_, index) => !images.includes(`image_${index + 1}`));
  if (missing < 0) return [];
  const remedy = 'Count the places up from {{image_1}}.';
  return [{ column, message: `The workflow has no {{image_${missing + 1}}}`, remedy }];
}

function unknownPlaceholders(
  template: JsonObject,
  column: string,
  known: readonly string[],
): Problem[] {
  return [...placeholdersIn(template)]
    .filter((name) => !known.includes(name))
    .map((name) => ({
      column,
      value: `{{${name}}}`,
      message: 'There is nothing of this name to fill in',
      remedy: `Use ${known.map((each) => `{{${each}}}`).join(', ')}.`,
    }));
}
