/** Options of all sources → the settings of a run, with all problems at once. */
import { dirname, resolve } from 'node:path';
import { InputError, type Problem } from '../engine/core/errors.ts';
import { NAME_WITHOUT_PROMPT } from '../engine/core/setting-bounds.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../engine/core/settings.ts';
import type { OrderChoices, RunChoices, RunOption } from './option-kinds.ts';
import { RUN_OPTIONS } from './run-options.ts';

/** Values as a source has them: texts of a shell, or what YAML made of a config file. */
export type RawValues = Readonly<Record<string, unknown>>;

export interface OptionSources {
  /** As commander gives them, by their camel-case name. */
  readonly options: RawValues;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `defaults:` of the config file, and the file, which paths in it are relative to. */
  readonly defaults?: { readonly file: string; readonly values: RawValues };
  readonly workingFolder: string;
}

export interface RunOptions extends OrderChoices {
  readonly settings: RunSettings;
}

interface Found {
  /** How a person knows the place: `--size`, `IMAGEMILL_SIZE`, `defaults.size`. */
  readonly place: string;
  readonly file?: string;
  readonly text: string;
  readonly texts: readonly string[];
  readonly folder: string;
}

/**
 * Precedence: option, environment, config file, built-in default.
 * @throws InputError with every value that cannot be used, from whatever source
 */
export function readRunOptions(sources: OptionSources): RunOptions {
  const { choices, problems } = readChoices(RUN_OPTIONS, sources);
  const unknown = Object.keys(sources.defaults?.values ?? {}).filter(
    (name) => !RUN_OPTIONS.some((option) => option.name === dashed(name)),
  );
  for (const name of unknown) problems.push(unknownDefault(name, sources.defaults?.file));
  if (problems.length > 0) throw new InputError(problems);
  const { out, fresh, yes, promptlessNames, ...settings } = choices;
  const names = promptlessNames && { nameTemplate: NAME_WITHOUT_PROMPT };
  return {
    settings: { ...DEFAULT_SETTINGS, ...names, ...settings, spendingAllowed: yes === true },
    ...(out !== undefined && { out }),
    ...(fresh !== undefined && { fresh }),
    ...(yes !== undefined && { yes }),
  };
}

/** Options that may be changed when a run goes on. */
export const CHANGEABLE = [
  'budget',
  'max-usd',
  'images-per-hour',
  'concurrency',
  'on-unknown',
  'max-refusals',
  'finish',
];

/**
 * Reads what is changed in a run that goes on, or is exported (`names`): from the command line only,
 * since defaults were taken when the run was made.
 */
export function readChanges(
  options: RawValues,
  workingFolder: string,
  names: readonly string[] = CHANGEABLE,
): RunChoices {
  const changeable = RUN_OPTIONS.filter(({ name }) => names.includes(name));
  const { choices, problems } = readChoices(changeable, {
    options,
    environment: {},
    workingFolder,
  });
  if (problems.length > 0) throw new InputError(problems);
  return choices;
}

function readChoices(
  table: readonly RunOption[],
  sources: OptionSources,
): { choices: RunChoices; problems: Problem[] } {
  const problems: Problem[] = [];
  let choices: RunChoices = {};
  for (const option of table) {
    const found = findValue(option, sources);
    if (found === undefined) continue;
    const read = option.read(option.path ? resolve(found.folder, found.text) : found.text, found);
    if ('value' in read) choices = { ...choices, ...read.value };
    else {
      for (const problem of 'problems' in read ? read.problems : [read]) {
        problems.push({
          ...(found.file !== undefined && { file: found.file }),
          value: found.text,
          ...problem,
          message: `${found.place} ${problem.message}`,
        });
      }
    }
  }
  return { choices, problems };
}

function findValue(option: RunOption, sources: OptionSources): Found | undefined {
  const { options, environment, defaults, workingFolder } = sources;
  const given = givenOption(options, option.name);
  if (given !== undefined) {
    return { place: `--${option.name}`, ...textsOf(given), folder: workingFolder };
  }
  const variable = variableOf(option.name);
  const text = environment[variable]?.trim();
  if (text) return { place: variable, ...textsOf(text), folder: workingFolder };
  const entry = Object.entries(defaults?.values ?? {}).find(
    ([name]) => dashed(name) === option.name,
  );
  if (entry === undefined || defaults === undefined) return undefined;
  const [name, value] = entry;
  return {
    place: `defaults.${name}`,
    file: defaults.file,
    ...textsOf(value),
    folder: dirname(defaults.file),
  };
}

/** Commander takes `--no-marks` for the option `marks`, set to false. */
function givenOption(options: RawValues, name: string): unknown {
  if (!name.startsWith('no-')) return options[camel(name)];
  return options[camel(name.slice('no-'.length))] === false ? true : undefined;
}

/** A list keeps its values apart; within one text they are separated by `|`, as in a cell. */
function textsOf(value: unknown): { text: string; texts: readonly string[] } {
  const text = textOf(value);
  return { text, texts: Array.isArray(value) ? value.map(textOf) : text.split('|') };
}

/** YAML may give a number, a list of models, or a mapping of columns. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, meaning]) => `${name}=${textOf(meaning ?? '')}`)
      .join(',');
  }
  return String(value);
}

/** `batch-size` → `IMAGEMILL_BATCH_SIZE`. */
export function variableOf(name: string): string {
  return `IMAGEMILL_${name.replaceAll('-', '_').toUpperCase()}`;
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function dashed(name: string): string {
  return name.replaceAll('_', '-');
}

function unknownDefault(name: string, file: string | undefined): Problem {
  return {
    ...(file !== undefined && { file }),
    column: `defaults.${name}`,
    message: 'There is no option of this name',
    remedy: `Remove it; the options are ${RUN_OPTIONS.map((option) => option.name).join(', ')}.`,
  };
}
