import { dirname, resolve } from 'node:path';
import { InputError } from '../core/errors.ts';
import type { Meaning } from './headings.ts';
import { openTable } from './open-table.ts';
import { readRow, type DraftRow, type RowFrame, type RowProblem } from './read-row.ts';
import type { Trouble } from './reading.ts';
import { checkReferences, type CheckedReference, shownReference } from './references.ts';
import { isResultsSheet, mergeResultLines, type MergedRecord } from './results-sheet.ts';
import { mapColumns } from './sheet-columns.ts';
import type { Sheet, SheetOptions, SheetRow } from './sheet.ts';
import type { SourceRecord, SourceTable } from './source-record.ts';
import { styleNames } from './style-names.ts';

const SAMPLE_ROWS = 20;
/** Sheets often name the same few references again and again; each is looked at once. */
const REMEMBERED_REFERENCES = 10_000;

/**
 * Opens a sheet of prompts: finds its format, encoding and columns. Nothing of it is kept in memory
 * (but for XLSX); the rows are read and checked as they are asked for.
 *
 * @throws InputError with all problems of the file as a whole; those of rows come with the rows.
 */
export async function openSheet(path: string, options: SheetOptions = {}): Promise<Sheet> {
  const file = resolve(path);
  const columnMap = options.columnMap ?? {};
  const table = await openTable(file, Object.keys(columnMap));
  const { mapping, problems } = mapColumns(table.columns, columnMap, await sampleOf(table, file));
  if (problems.length > 0) throw new InputError(problems.map((problem) => ({ file, ...problem })));
  const reader: Reader = {
    file,
    table,
    columns: table.columns,
    places: placesOf(table.columns, mapping),
    ...(options.within !== undefined && { within: options.within }),
    ...(options.styleNames ? { styles: styleNames(options.styleNames) } : {}),
  };
  return {
    file,
    columns: table.columns,
    mapping,
    warnings: table.warnings,
    rows: () => sheetRows(reader),
  };
}

interface Reader extends RowFrame {
  readonly file: string;
  readonly within?: string;
  readonly table: SourceTable;
}

async function* sheetRows(reader: Reader): AsyncGenerator<SheetRow> {
  const { table } = reader;
  const isResults = isResultsSheet(table.columns);
  const records: AsyncIterable<SourceRecord> = isResults
    ? mergeResultLines(table.columns, () => table.records())
    : table.records();
  const checked = new Map<string, readonly CheckedReference[]>();
  let number = 0;
  for await (const record of records) {
    if (isBlank(record)) continue;
    number++;
    if (record.trouble) {
      yield unreadable(reader, record, number, record.trouble);
      continue;
    }
    const draft = readRow(record, number, reader);
    const lines = isResults ? (record as MergedRecord).count : 1;
    const { references, found } =
      draft.references.length === 0 ? NO_REFERENCES : await checkRow(draft, reader, checked);
    yield asSheetRow(reader, draft, references, found, lines);
  }
}

const NO_REFERENCES = { references: [], found: [] };

function unreadable(
  reader: Reader,
  record: SourceRecord,
  number: number,
  trouble: Trouble,
): SheetRow {
  const { line } = record;
  const problem = { file: reader.file, line, value: record.cells[0] ?? '', ...trouble };
  return { kind: 'bad', number, line, problems: [problem], cells: {} };
}

function asSheetRow(
  { file }: Reader,
  draft: DraftRow,
  references: readonly string[],
  found: readonly RowProblem[],
  lines: number,
): SheetRow {
  const { number, line, cells } = draft.row;
  if (draft.problems.length === 0 && found.length === 0) {
    if (references.length === 0 && lines === 1) return { kind: 'row', row: draft.row };
    const count = lines === 1 ? {} : { count: lines };
    return { kind: 'row', row: { ...draft.row, ...count, references } };
  }
  const problems = [...draft.problems, ...found].map((problem) => ({ file, line, ...problem }));
  return { kind: 'bad', number, line, problems, cells };
}

async function checkRow(
  draft: DraftRow,
  { file, within }: Pick<Reader, 'file' | 'within'>,
  checked: Map<string, readonly CheckedReference[]>,
): Promise<{ references: string[]; found: RowProblem[] }> {
  const references: string[] = [];
  const found: RowProblem[] = [];
  for (const { column, text } of draft.references) {
    const parts = checked.get(text) ?? (await checkReferences(text, dirname(file), within));
    if (checked.size < REMEMBERED_REFERENCES) checked.set(text, parts);
    for (const { text: part, reading } of parts) {
      if (reading.ok) references.push(reading.value);
      else found.push({ column, value: shownReference(part), ...reading.trouble });
    }
  }
  return { references, found };
}

async function sampleOf(table: SourceTable, file: string): Promise<(readonly string[])[]> {
  const sample: (readonly string[])[] = [];
  for await (const record of table.records()) {
    if (isBlank(record)) continue;
    sample.push(record.cells);
    if (sample.length === SAMPLE_ROWS) break;
  }
  if (sample.length > 0) return sample;
  const message = 'The sheet has headings, but no rows';
  throw new InputError([{ file, message, remedy: 'Add a row with a prompt.' }]);
}

function placesOf(
  columns: readonly string[],
  mapping: Readonly<Record<string, Meaning>>,
): Map<Meaning, number[]> {
  const places = new Map<Meaning, number[]>();
  for (const [place, heading] of columns.entries()) {
    const meaning = Object.hasOwn(mapping, heading) ? mapping[heading] : undefined;
    if (meaning !== undefined) places.set(meaning, [...(places.get(meaning) ?? []), place]);
  }
  return places;
}

function isBlank(record: SourceRecord): boolean {
  return record.trouble === undefined && record.cells.every((cell) => cell.trim() === '');
}
