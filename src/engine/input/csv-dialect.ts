import { parse } from 'csv-parse/sync';
import { headingScore } from './headings.ts';

/** How a file separates and quotes its cells. */
export interface CsvDialect {
  readonly delimiter: string;
  /** False: quotation marks are plain text (seen in TSV files that were joined with tabs). */
  readonly quoted: boolean;
  /** True: written by hand as `a, "b"`, with spaces between a delimiter and a quotation mark. */
  readonly spaced: boolean;
  /** Line of the headings: 2 after Excel's `sep=;` line, else 1. */
  readonly firstLine: 1 | 2;
}

const DELIMITERS = [',', '\t', ';'];
/** Stands for "no delimiter" in a sheet of one column; ASCII's unit separator is in nobody's text. */
export const NO_DELIMITER = '\u001f';
const SAMPLE_ROWS = 20;

/**
 * Guesses the delimiter from the first rows: the one under which most headings are known, then the one
 * whose rows have as many cells as the headings, then the one with most columns. A file whose first
 * line has no delimiter is a sheet of one column, whose commas are part of the text.
 */
export function sniffDialect(sample: string, extension: string): CsvDialect {
  const declared = /^sep=([,;\t|])\r?\n/i.exec(sample);
  if (declared) {
    const delimiter = declared[1]!;
    const text = sample.slice(declared[0].length);
    return { delimiter, quoted: true, spaced: isSpaced(text, delimiter), firstLine: 2 };
  }
  const preferred = extension === '.tsv' ? '\t' : ',';
  const guesses = DELIMITERS.map((delimiter) => ({
    delimiter,
    score: score(sample, delimiter) + (delimiter === preferred ? 1 : 0),
  }));
  const best = guesses.reduce((a, b) => (b.score > a.score ? b : a));
  const delimiter = best.score > 1 ? best.delimiter : NO_DELIMITER;
  return { delimiter, quoted: true, spaced: isSpaced(sample, delimiter), firstLine: 1 };
}

/** At most 1 means: this delimiter does not divide the headings. */
function score(sample: string, delimiter: string): number {
  const rows = sampleRows(sample, delimiter);
  const width = rows[0]?.length ?? 0;
  const hits = headingScore(rows[0] ?? []);
  if (width < 2) return quotedCellThenDelimiter(sample, delimiter) && hits > 0 ? 10 : 0;
  const even = rows.filter((row) => row.length === width).length / rows.length;
  return hits * 1000 + even * 100 + Math.min(width, 50) + 2;
}

function sampleRows(sample: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  try {
    parse(sample, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: SAMPLE_ROWS,
      on_record: (row: string[]) => {
        rows.push(row);
        return row;
      },
    });
  } catch {
    // The sample may end inside a quoted cell; the rows before it are what is wanted.
  }
  return rows;
}

function quotedCellThenDelimiter(sample: string, delimiter: string): boolean {
  return sample
    .split(/\r\n|\n|\r/, SAMPLE_ROWS)
    .some((line) => new RegExp(`^"(?:[^"]|"")*"${delimiter}`).test(line));
}

/**
 * True when a cell begins with spaces and a quotation mark in the file itself, and not only once its
 * own quotation marks are taken away.
 */
function isSpaced(sample: string, delimiter: string): boolean {
  if (delimiter === '\t' || delimiter === NO_DELIMITER) return false;
  return sampleRows(sample, delimiter).some((row) =>
    row.some((cell) => /^ +"/.test(cell) && sample.includes(delimiter + cell)),
  );
}
