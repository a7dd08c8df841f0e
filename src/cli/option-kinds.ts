/** The kinds of options that there are, each reading a text. */
import { toMicros } from '../engine/core/credits.ts';
import type { Problem } from '../engine/core/errors.ts';
import { LARGEST_AMOUNT } from '../engine/core/setting-bounds.ts';
import type { RunSettings } from '../engine/core/settings.ts';

export type Read<Value> =
  | { readonly value: Value }
  | { readonly message: string; readonly remedy: string }
  /** Several things are wrong with one value; each may quote its part of it. */
  | { readonly problems: readonly Problem[] };

/** What the table's options make, apart from the run's settings. */
export interface OrderChoices {
  readonly out?: string;
  readonly fresh?: boolean;
  readonly yes?: boolean;
  /** `--no-prompt-in-files`: who wants no prompt in the files wants none in their names either. */
  readonly promptlessNames?: true;
}

export type RunChoices = Partial<RunSettings> & OrderChoices;

export interface RunOption {
  /** The long name, as in `--batch-size`, `IMAGEMILL_BATCH_SIZE` and `defaults: batch-size:`. */
  readonly name: string;
  /** What the help calls its value; absent: a switch. */
  readonly argument?: string;
  readonly help: string;
  /** May be given several times; the texts are joined with a comma. */
  readonly repeatable?: true;
  /** Its value is a path, relative to the working folder or to the config file's. */
  readonly path?: true;
  readonly read: (text: string, given: Given) => Read<RunChoices>;
}

/** A value as it was given: in one text or several, and the folder that paths in it count from. */
export interface Given {
  readonly texts: readonly string[];
  readonly folder: string;
}

export function no(message: string, remedy: string): { message: string; remedy: string } {
  return { message, remedy };
}

export function mapped<From, To>(read: Read<From>, change: (value: From) => To): Read<To> {
  return 'value' in read ? { value: change(read.value) } : read;
}

export function whole(
  name: string,
  help: string,
  range: readonly [number, number],
  change: (value: number) => RunChoices,
): RunOption {
  return { name, argument: 'N', help, read: (text) => mapped(readWhole(text, range), change) };
}

export function readWhole(
  text: string,
  [least, most]: readonly [number, number],
  or = '',
): Read<number> {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return { value };
  const range = `from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
  return no('is not a whole number that can be used', `Write a whole number ${range}${or}.`);
}

export function amount(
  name: string,
  argument: string,
  help: string,
  change: (micros: number) => RunChoices,
): RunOption {
  const read = (text: string): Read<RunChoices> =>
    /^\$?\d+(\.\d+)?$/.test(text) && Number(text.replace('$', '')) <= LARGEST_AMOUNT
      ? { value: change(toMicros(Number(text.replace('$', '')))) }
      : no('is not an amount', 'Write a number with a point, like 250 or 12.50.');
  return { name, argument, help, read };
}

export function choice<Value extends string>(
  name: string,
  values: readonly Value[],
  help: string,
  change: (value: Value) => RunChoices,
): RunOption {
  const read = (text: string): Read<RunChoices> => {
    const value = values.find((each) => each === text.toLowerCase());
    return value === undefined
      ? no('is not one of the values', `Write ${listOf(values)}.`)
      : { value: change(value) };
  };
  return { name, argument: values.join('|'), help, read };
}

export function yesOrNo(
  name: string,
  help: string,
  change: (value: boolean) => RunChoices,
): RunOption {
  const read = (text: string): Read<RunChoices> => {
    if (['true', 'yes', 'on', '1'].includes(text.toLowerCase())) return { value: change(true) };
    if (['false', 'no', 'off', '0'].includes(text.toLowerCase())) return { value: change(false) };
    return no('is neither yes nor no', 'Write yes or no.');
  };
  return { name, help, read };
}

function listOf(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
}
