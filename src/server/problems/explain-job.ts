/** What the tools find wrong with a job, told by the places of its request. */
import { InputError, UsageError } from '../../engine/core/errors.ts';
import { ProblemError } from './problem-error.ts';

/** The tools name settings as the command line does. */
const OPTION = /(?<![\w-])--([a-z][a-z-]*[a-z])/g;
const OPTION_FIELDS: Readonly<Record<string, string>> = { source: 'source_type' };

/** `root`: where the job stands in the request. `folder`: its own on this machine, which nobody is told. */
export function explainJob(error: unknown, root: string, folder: string): unknown {
  const plain = (text: string) =>
    text
      .replaceAll(`${folder}/`, '')
      .replaceAll(folder, 'the job')
      .replaceAll(OPTION, (_, name: string) => OPTION_FIELDS[name] ?? name.replaceAll('-', '_'));
  if (error instanceof InputError) {
    const problems = error.problems.map(({ column, value, message, remedy }) => ({
      field: column === undefined ? root : `${root}.${column}`,
      ...(value !== undefined && { value: plain(value) }),
      message: plain(message),
      remedy: plain(remedy),
    }));
    return new ProblemError('invalid', 'Something in the request is wrong.', {
      problems,
      cause: error,
    });
  }
  if (error instanceof UsageError) {
    return new ProblemError('invalid', plain(error.message), { cause: error });
  }
  return error;
}
