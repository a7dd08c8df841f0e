/** Errors in words, without keys, with what to do about them. */
import type { Problem } from '../engine/core/errors.ts';
import {
  formatProblem,
  IllegalStateError,
  InputError,
  StorageError,
  UsageError,
} from '../engine/core/errors.ts';
import { EXIT_CODES } from '../engine/exit-code.ts';
import { type Environment, withoutKeys } from './environment.ts';
import { errorJson } from '../api/json/run-json.ts';
import type { Screen } from './screen.ts';

/** Problems shown to a person; `--json` has them all. */
const MOST_PROBLEMS = 50;
const UNEXPECTED = 1;

/** Prints an error; answers the exit code. `reassurance` says what has not happened. */
export function tellError(
  error: unknown,
  screen: Screen,
  environment: Environment,
  reassurance = 'nothing was done',
): number {
  // What went wrong first is the cause; that closing went wrong as well only follows from it.
  if (error instanceof SuppressedError) {
    return tellError(error.suppressed, screen, environment, reassurance);
  }
  const scrub = (text: string) => withoutKeys(text, environment);
  const { colours } = screen;
  if (error instanceof InputError) {
    const title = titleOf(error.problems, reassurance);
    screen.warn(colours.red(title));
    for (const problem of error.problems.slice(0, MOST_PROBLEMS)) {
      screen.warn(`  ${scrub(formatProblem(problem))}`);
    }
    const more = error.problems.length - MOST_PROBLEMS;
    if (more > 0) screen.warn(`  … and ${more.toLocaleString('en-US')} more (all with --json)`);
    screen.result(
      errorJson(
        title,
        error.problems.map((problem) => scrubbed(problem, scrub)),
      ),
    );
    return EXIT_CODES.usage;
  }
  const message = scrub(error instanceof Error ? error.message : String(error));
  screen.warn(colours.red(message));
  if (environment['IMAGEMILL_DEBUG'] && error instanceof Error)
    screen.warn(scrub(error.stack ?? ''));
  screen.result(errorJson(message));
  return codeOf(error);
}

function codeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof IllegalStateError) return EXIT_CODES.usage;
  return error instanceof StorageError ? EXIT_CODES.stopped : UNEXPECTED;
}

function titleOf(problems: readonly Problem[], reassurance: string): string {
  const count = problems.length.toLocaleString('en-US');
  return problems.length === 1
    ? `There is a problem; ${reassurance}.`
    : `There are ${count} problems; ${reassurance}.`;
}

/** All fields, so that a program finds each of them. */
function scrubbed(problem: Problem, scrub: (text: string) => string) {
  return {
    ...problem,
    ...(problem.value !== undefined && { value: scrub(problem.value) }),
    message: scrub(problem.message),
  };
}
