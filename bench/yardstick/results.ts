import { readFileSync } from 'node:fs';
import { codeLines } from './code-lines.ts';
import { type Contender, CONTENDERS } from './contenders.ts';
import type { AllLives } from './run-all.ts';
import { type Summary, summarise } from './summary.ts';

/** Everything that was measured, and on what. */
export interface Results extends AllLives {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly firstSeed: number;
  readonly isQuick: boolean;
}

/** Lines that a person has to write for it. */
export function linesOf({ file }: Contender): number {
  return codeLines(readFileSync(file, 'utf8'));
}

/** A scenario's contenders, in the order of the tables. */
export function summariesOf(
  { lives }: AllLives,
  scenario: string,
): readonly (Summary & { readonly title: string })[] {
  return CONTENDERS.flatMap(({ name, title }) => {
    const summary = summarise(lives, scenario, name);
    return summary.lives === 0 ? [] : [{ ...summary, title }];
  });
}
