import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { withoutPaths } from '../problems/explain-input.ts';
import { sheetFault } from './answer-openai-error.ts';

/** What planning a call found wrong, without a path of this machine. `path`: the run's folder. */
export function planningFault(error: unknown, path: string): unknown {
  if (!(error instanceof InputError)) return error;
  const plain = (text: string) => withoutPaths(text, { path, sheet: join(path, 'sheet') });
  return sheetFault(
    error.problems.map((problem) => ({
      ...problem,
      message: plain(problem.message),
      remedy: plain(problem.remedy),
    })),
  );
}
