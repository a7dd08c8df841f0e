import { InputError } from '../core/errors.ts';
import { sniffDialect, type CsvDialect } from './csv-dialect.ts';
import { csvRecords } from './csv-records.ts';
import { headlessWarning, readHeadingRow } from './heading-row.ts';
import { chunksOfText } from './open-text.ts';
import { refusal } from './sheet-file.ts';
import type { SourceRecord, SourceTable } from './source-record.ts';
import { findStrayQuote } from './stray-quote.ts';
import { encodingWarnings, type TextSource } from './text-source.ts';
import { textLines } from './text-lines.ts';

/** Reads CSV in its dialects: comma, semicolon, tab, Excel's `sep=` line. */
export async function csvTable(
  source: TextSource,
  knownHeadings: readonly string[],
): Promise<SourceTable> {
  const { path, encoding } = source;
  const warnings = encodingWarnings(source);
  const dialect = await settleQuotes(
    source,
    sniffDialect(source.sample, source.extension),
    warnings,
  );
  const first = await firstRecord(csvRecords(path, encoding, dialect, 1));
  if (!first) throw refusal(path, 'The file has no rows', 'Choose a sheet with prompts.');
  const heading = readHeadingRow(first.cells, knownHeadings);
  if (heading.headless) warnings.push(headlessWarning(path, first.cells[0]!));
  const from = heading.headless ? first.line : first.line + 1;
  return {
    columns: heading.columns,
    warnings,
    records: () => csvRecords(path, encoding, dialect, from),
  };
}

/** In TSV a stray quotation mark means that marks are text; in CSV it is an error of the file. */
async function settleQuotes(
  source: TextSource,
  dialect: CsvDialect,
  warnings: string[],
): Promise<CsvDialect> {
  const { path, encoding } = source;
  const stray = await findStrayQuote(textLines(path, chunksOfText(path, encoding)), dialect);
  if (stray === undefined) return dialect;
  if (dialect.delimiter === '\t') {
    warnings.push(
      `${path}:${stray}: a quotation mark opens a cell and never closes it, so quotation marks in this sheet are plain text.`,
    );
    return { ...dialect, quoted: false };
  }
  const message = 'A quotation mark opens a cell here and is not closed as CSV asks';
  const remedy =
    'Close it, and write quotation marks inside a quoted cell twice (""); rows up to the next mark would be lost otherwise.';
  throw new InputError([{ file: path, line: stray, message, remedy }]);
}

async function firstRecord(
  records: AsyncIterable<SourceRecord>,
): Promise<SourceRecord | undefined> {
  for await (const record of records) {
    if (record.cells.some((cell) => cell.trim() !== '')) return record;
  }
  return undefined;
}
