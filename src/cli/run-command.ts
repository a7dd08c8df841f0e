/** The command that makes what was planned, to be copied as it stands. Pure. */
import type { RawValues } from './options.ts';
import { RUN_OPTIONS } from './run-options.ts';

/** Options of `plan`, apart from the run's own, that say where things are. */
const PLACES = ['home', 'config'];

/** `options` as commander gives them. Words that a shell would read otherwise are quoted. */
export function runCommand(sheet: string, options: RawValues): string {
  const names = [...RUN_OPTIONS.map(({ name }) => name), ...PLACES];
  const words = names.flatMap((name) => optionWords(name, options[camel(name)]));
  return ['imagemill', 'run', sheet, ...words].map(quoted).join(' ');
}

function optionWords(name: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${name}`];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((each) => [`--${name}`, String(each)]);
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
