import { InputError } from '../core/errors.ts';
import type { PlannedRow } from '../core/plan.ts';

/** The new prompt of a row; the row has its cells. */
export type Rewrite = (row: PlannedRow) => string;

const PLACEHOLDER = /\{([^{}]*)\}/g;
const OWN = ['prompt', 'name', 'row'] as const;

/**
 * Reads the text of a rewrite: `{prompt}` stands for the row's prompt as the plan has it, `{name}` and
 * `{row}` for its name and number, `{HEADING}` for the cell of a column, in any case.
 *
 * @throws InputError when it is empty, or names what a row does not have
 */
export function readRewrite(text: string, columns: readonly string[]): Rewrite {
  const headings = new Map(columns.map((column) => [normal(column), column]));
  const unknown = [...text.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .filter((name) => !isOwn(normal(name)) && !headings.has(normal(name)));
  if (text.trim() === '' || unknown.length > 0) throw refused(text, unknown, columns);
  return ({ prompt, row }) =>
    text.replaceAll(PLACEHOLDER, (_whole, name: string) => {
      const wanted = normal(name);
      // A sheet's own column of that name is what it means by it, but for the prompt, which has its style.
      if (wanted === 'prompt') return prompt;
      const heading = headings.get(wanted);
      if (heading !== undefined) return row.cells[heading] ?? '';
      return wanted === 'name' ? (row.name ?? '') : String(row.number);
    });
}

function refused(text: string, unknown: readonly string[], columns: readonly string[]): InputError {
  const known = [...OWN, ...columns.filter((column) => !isOwn(normal(column)))];
  return new InputError([
    {
      value: text,
      message:
        unknown.length === 0
          ? '--rewrite is empty'
          : `--rewrite names ${unknown.map((name) => `{${name}}`).join(', ')}, which no row has`,
      remedy: `Write the new prompt; it may have ${known.map((name) => `{${name}}`).join(', ')}.`,
    },
  ]);
}

function isOwn(name: string): boolean {
  return OWN.some((own) => own === name);
}

function normal(name: string): string {
  return name.trim().toLowerCase();
}
