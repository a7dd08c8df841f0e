import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import { InputError } from '../core/errors.ts';
import { unprotectCell } from '../core/formula-safe.ts';
import type { CsvDialect } from './csv-dialect.ts';
import { openText } from './open-text.ts';
import type { SourceRecord } from './source-record.ts';
import type { DetectedEncoding } from './text-encoding.ts';

/** Bytes of one row; more is not a sheet of prompts. */
const LONGEST_RECORD = 8_000_000;

/**
 * Streams the records of a CSV file from line `from` on, with the line where each of them starts. Cells
 * that delivery protected against being taken for a formula (`'=1+1`) come back as they were.
 */
export async function* csvRecords(
  file: string,
  encoding: DetectedEncoding,
  dialect: CsvDialect,
  from: number,
): AsyncGenerator<SourceRecord> {
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quoted ? '"' : null,
    escape: dialect.quoted ? '"' : null,
    relax_quotes: true,
    relax_column_count: true,
    // All three, since files that were joined by hand mix them.
    record_delimiter: ['\r\n', '\n', '\r'],
    ltrim: dialect.spaced,
    rtrim: dialect.spaced,
    from_line: dialect.firstLine,
    max_record_size: LONGEST_RECORD,
  });
  pipeline(openText(file, encoding), parser, () => undefined);
  let line: number = dialect.firstLine;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (line >= from) yield { line, cells: unprotectCells(cells) };
      line += 1 + lineBreaks(cells);
    }
  } catch (error) {
    throw asInputError(error, file, line);
  }
}

/** Most rows have nothing to undo and pass as they are. */
function unprotectCells(cells: readonly string[]): readonly string[] {
  return cells.some((cell) => cell.startsWith("'")) ? cells.map(unprotectCell) : cells;
}

/** Counted here because the parser counts a CRLF inside a cell twice. */
function lineBreaks(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    count += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return count;
}

function asInputError(error: unknown, file: string, line: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('CSV_')) return error;
  return new InputError([
    {
      file,
      line,
      message:
        code === 'CSV_MAX_RECORD_SIZE'
          ? `The row that starts here is larger than ${LONGEST_RECORD} bytes`
          : 'The row that starts here cannot be read as CSV',
      remedy:
        'Look for a quotation mark that is not closed, and write marks inside a cell twice ("").',
    },
  ]);
}
