import type { Problem } from '../core/errors.ts';

/** What is wrong with a row, before its line is known. */
export type RowProblem = Omit<Problem, 'file' | 'line'>;
