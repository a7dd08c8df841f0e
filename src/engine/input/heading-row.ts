import { plainHeading, usualMeaning } from './headings.ts';

export interface HeadingRow {
  readonly columns: readonly string[];
  /** True when the first row is no heading but already a prompt. */
  readonly headless: boolean;
}

/**
 * Takes the first row as the headings. Only a single column can go without: there, a first cell that
 * is no known heading is a prompt, and must not be lost. Empty headings get a name; those after the
 * last filled one are dropped.
 *
 * @param known headings that the user named, though they are not usual ones.
 */
export function readHeadingRow(first: readonly string[], known: readonly string[]): HeadingRow {
  const filled = first.findLastIndex((cell) => cell.trim() !== '');
  const columns = first
    .slice(0, filled + 1)
    .map((cell, place) => (cell.trim() === '' ? `column ${place + 1}` : cell.trim()));
  const only = columns.length === 1 ? columns[0]! : undefined;
  const headless =
    only !== undefined &&
    usualMeaning(only) === undefined &&
    !known.some((heading) => plainHeading(heading) === plainHeading(only));
  return headless ? { columns: ['prompt'], headless } : { columns, headless: false };
}

export function headlessWarning(path: string, first: string): string {
  const shown = first.length > 40 ? `${first.slice(0, 40)}…` : first;
  return `${path} has one column and no known heading, so its first line ${JSON.stringify(shown)} is a prompt too. If it is a heading, name it "prompt".`;
}
