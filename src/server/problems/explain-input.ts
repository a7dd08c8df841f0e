/** What the engine finds wrong with a sheet or settings, told by the places of a request. */
import { basename } from 'node:path';
import type { ProblemDetail } from '../../api/problem.ts';
import { InputError, type Problem, UsageError } from '../../engine/core/errors.ts';
import { ProblemError } from './problem-error.ts';
import type { PlacedSheet, RunFolder } from '../orders/run-folder.ts';

/** Settings that are wrong as such; the engine names them as the command line does. */
const OPTION = /(?<![\w-])--([a-z][a-z-]*[a-z])/g;
const OPTION_FIELDS: Readonly<Record<string, string>> = {
  model: 'models',
  name: 'name_template',
  map: 'column_map',
  image: 'images',
  'max-refusals': 'refusal_breaker',
};

/** More are not told one by one. */
const MOST_TOLD = 1_000;

/** The problem to throw: with line, column, value and remedy, and without a path of this machine. */
export function explainInput(error: unknown, folder: RunFolder, placed?: PlacedSheet): unknown {
  if (error instanceof InputError) {
    const problems = error.problems.slice(0, MOST_TOLD);
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    return new ProblemError('invalid', `What was sent has ${count}; nothing was made.`, {
      problems: problems.map((each) => explainProblem(each, folder, placed)),
      cause: error,
    });
  }
  if (error instanceof UsageError) {
    return new ProblemError('invalid', withoutPaths(error.message, folder), { cause: error });
  }
  return error;
}

/** One of them, without a path of this machine. */
export function explainProblem(
  problem: Problem,
  folder: RunFolder,
  placed?: PlacedSheet,
): ProblemDetail {
  const { file, line, column, value } = problem;
  const isStyles = file !== undefined && file === placed?.stylesFile;
  const place =
    line === undefined || placed?.isBody !== true || isStyles
      ? { ...(line !== undefined && { line }) }
      : { field: `body.rows[${line - 1}]${column === undefined ? '' : `.${column}`}` };
  return {
    ...(isStyles && { file: 'styles' }),
    ...(file !== undefined && !isStyles && placed?.isBody === false && { file: placed.name }),
    ...place,
    ...(column !== undefined && { column }),
    ...(value !== undefined && { value: withoutPaths(value, folder) }),
    message: withoutPaths(problem.message, folder),
    remedy: withoutPaths(problem.remedy, folder),
  };
}

/** Paths below the folder as they were sent, and options as settings of a request. */
export function withoutPaths(
  text: string,
  { path, sheet }: Pick<RunFolder, 'path' | 'sheet'>,
): string {
  return text
    .replaceAll(`${sheet}/`, '')
    .replaceAll(`${path}/`, '')
    .replaceAll(path, basename(path))
    .replaceAll(
      OPTION,
      (_, option: string) => OPTION_FIELDS[option] ?? option.replaceAll('-', '_'),
    );
}
