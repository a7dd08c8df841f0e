import type { CsvDialect } from './csv-dialect.ts';

/**
 * Looks for a quotation mark that opens a cell and is not closed the way CSV asks. A parser would
 * swallow the following cells and rows up to the next mark, wherever that is, so this is found first.
 * `"Go" she said` in one cell is harmless (marks are kept as text) and not reported.
 *
 * @returns the line (from 1) where the mark opens, or `undefined`.
 */
export async function findStrayQuote(
  lines: AsyncIterable<readonly string[]>,
  dialect: CsvDialect,
): Promise<number | undefined> {
  let number = 0;
  let openedAt: number | undefined;
  for await (const batch of lines) {
    for (const line of batch) {
      number++;
      if (!line.includes('"')) continue;
      const end = scanLine(line, openedAt !== undefined, dialect);
      if (end === 'stray') return openedAt ?? number;
      openedAt = end === 'open' ? (openedAt ?? number) : undefined;
      if (end === 'reopened') openedAt = number;
    }
  }
  return openedAt;
}

type LineEnd = 'closed' | 'open' | 'reopened' | 'stray';

function scanLine(line: string, startsOpen: boolean, dialect: CsvDialect): LineEnd {
  let open = startsOpen;
  let openedHere: number | undefined;
  let at = 0;
  for (;;) {
    if (open) {
      const close = closingQuote(line, at);
      if (close === -1) return openedHere === undefined ? 'open' : 'reopened';
      const after = dialect.spaced ? pastSpaces(line, close + 1) : close + 1;
      open = false;
      if (after >= line.length) return 'closed';
      if (line[after] === dialect.delimiter) at = after + 1;
      else if (
        openedHere === undefined ||
        line.slice(openedHere, close).includes(dialect.delimiter)
      ) {
        return 'stray';
      } else at = nextCell(line, close, dialect.delimiter);
    } else {
      const start = dialect.spaced ? pastSpaces(line, at) : at;
      open = line[start] === '"';
      openedHere = start;
      at = open ? start + 1 : nextCell(line, start, dialect.delimiter);
    }
    if (at > line.length) return 'closed';
  }
}

/** Where a quotation mark stands that is not one of a pair, or -1. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}

function nextCell(line: string, from: number, delimiter: string): number {
  const at = line.indexOf(delimiter, from);
  return at === -1 ? line.length + 1 : at + 1;
}

function pastSpaces(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ') at++;
  return at;
}
