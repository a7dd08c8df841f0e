import { InputError, type Problem } from '../core/errors.ts';

/** Problems that are kept and shown; the others are counted. */
const MOST_SHOWN = 1_000;

/** All problems of a sheet, in bounded memory. */
export class ProblemList {
  readonly shown: Problem[] = [];
  count = 0;

  add(problems: readonly Problem[]): void {
    for (const problem of problems) {
      this.count += 1;
      if (this.shown.length < MOST_SHOWN) this.shown.push(problem);
    }
  }

  /** Throws `InputError` with what is shown and a last line that counts the rest. */
  throwIfAny(): void {
    if (this.count === 0) return;
    const rest = this.count - this.shown.length;
    const last: Problem = {
      message: `${rest} more problems are not shown`,
      remedy: 'Correct those above first, or leave bad rows out with --skip-bad-rows.',
    };
    throw new InputError(rest === 0 ? this.shown : [...this.shown, last]);
  }
}
