/** What can be done to a table of rows: each gives another table, so that steps can be undone. */
import Papa from 'papaparse';
import type { ReadSheet } from '../../../../src/api/client/index.ts';
import type { LargeFile, Table, TableColumn, TableRow } from '../../parts/draft/draft.ts';
import { promptsOf } from '../../parts/draft/draft.ts';
import { isMeaning, type Meaning, MEANINGS } from '../../parts/draft/meanings.ts';

/** More than this is for a file. */
export const MOST_ROWS = 5_000;

export function tableOfPrompts(text: string): Table {
  return tableOf(
    'prompts',
    [column('prompt')],
    promptsOf(text).map((prompt) => [prompt]),
  );
}

export function tableOf(
  name: string,
  columns: readonly TableColumn[],
  cells: readonly (readonly string[])[],
): Table {
  const rows = cells.map((row, id) => ({ id, cells: row }));
  return { kind: 'table', name, columns, rows, nextId: rows.length };
}

/** A sheet as the server has read it. */
export function sourceOfSheet(sheet: ReadSheet, file: File): Table | LargeFile {
  const columns = sheet.columns.map(({ heading, meaning }) => ({
    heading,
    meaning: isMeaning(meaning) ? meaning : ('' as const),
  }));
  const table = tableOf(
    sheet.sheet,
    columns,
    sheet.rows.map(({ cells }) => cells),
  );
  if (sheet.is_whole) return table;
  const lines = sheet.rows.map(({ line }) => line);
  const { name, rows } = table;
  return { kind: 'file', file, name, columns, rows, lines, rowCount: sheet.row_count };
}

/** Cells as spreadsheets copy them: tabs between, quoted where they hold line breaks. */
export function pastedCells(text: string): string[][] {
  const { data } = Papa.parse<string[]>(text.replace(/\r?\n$/, ''), { delimiter: '\t' });
  return data;
}

export function copiedText(cells: readonly (readonly string[])[]): string {
  return Papa.unparse(cells as string[][], { delimiter: '\t', newline: '\n' });
}

export function isTable(text: string): boolean {
  return text.includes('\t') && pastedCells(text).some((row) => row.length > 1);
}

export function column(meaning: Meaning): TableColumn {
  return { heading: meaning, meaning };
}

export function withCell(table: Table, id: number, place: number, value: string): Table {
  return {
    ...table,
    rows: table.rows.map((row) =>
      row.id === id && row.cells[place] !== value
        ? {
            ...row,
            cells: table.columns.map((_, at) => (at === place ? value : (row.cells[at] ?? ''))),
          }
        : row,
    ),
  };
}

/** Puts cells over those that are there, from a cell on; rows are added below where there are too few. */
export function withPasted(
  table: Table,
  from: { readonly row: number; readonly place: number },
  cells: readonly (readonly string[])[],
): Table {
  const missing = Math.max(0, from.row + cells.length - table.rows.length);
  const room = Math.max(0, MOST_ROWS - table.rows.length);
  const { rows, ...grown } = withRows(table, Math.min(missing, room));
  return {
    ...grown,
    rows: rows.map((row, at) => {
      const given = cells[at - from.row];
      if (at < from.row || given === undefined) return row;
      return {
        ...row,
        cells: table.columns.map((_, place) => given[place - from.place] ?? row.cells[place] ?? ''),
      };
    }),
  };
}

export function withRows(table: Table, count: number): Table {
  const added = Array.from({ length: count }, (_, at) => ({
    id: table.nextId + at,
    cells: table.columns.map(() => ''),
  }));
  return { ...table, rows: [...table.rows, ...added], nextId: table.nextId + count };
}

export function withoutRows(table: Table, ids: ReadonlySet<number>): Table {
  return { ...table, rows: table.rows.filter(({ id }) => !ids.has(id)) };
}

export function withColumn(table: Table, meaning: Meaning): Table {
  const taken = new Set(table.columns.map(({ heading }) => heading.toLowerCase()));
  let heading: string = meaning;
  for (let number = 2; taken.has(heading); number += 1) heading = `${meaning}_${number}`;
  return {
    ...table,
    columns: [...table.columns, { heading, meaning }],
    rows: table.rows.map((row) => ({ ...row, cells: [...row.cells, ''] })),
  };
}

export function withoutColumn(table: Table, place: number): Table {
  const others = <Of>(of: readonly Of[]) => of.filter((_, at) => at !== place);
  return {
    ...table,
    columns: others(table.columns),
    rows: table.rows.map((row) => ({ ...row, cells: others(row.cells) })),
  };
}

/** Gives a column a meaning; whichever had it before, where there can only be one, has none then. */
export function withMeaning<Of extends Table | LargeFile>(
  table: Of,
  place: number,
  meaning: Meaning | '',
): Of {
  const columns = table.columns.map((each, at) => {
    if (at === place) return { ...each, meaning };
    const gives = meaning !== '' && meaning !== 'image' && each.meaning === meaning;
    return gives ? { ...each, meaning: '' as const } : each;
  });
  return { ...table, columns };
}

export function placeOf({ columns }: Pick<Table, 'columns'>, meaning: Meaning): number | undefined {
  const place = columns.findIndex((each) => each.meaning === meaning);
  return place === -1 ? undefined : place;
}

/** Puts a reference into a row's picture cell, beside those that are there. */
export function withReference(table: Table, rowId: number, reference: string): Table {
  const ready = placeOf(table, 'image') === undefined ? withColumn(table, 'image') : table;
  const place = placeOf(ready, 'image')!;
  const before = ready.rows.find(({ id }) => id === rowId)?.cells[place] ?? '';
  const names = before.split('|').map((each) => each.trim());
  if (names.includes(reference)) return table;
  return withCell(
    ready,
    rowId,
    place,
    [...names.filter((each) => each !== ''), reference].join(' | '),
  );
}

/** A file that cells name by its path is known by its name from now on. Undefined: none names it. */
export function withUploaded(table: Table, fileName: string, reference: string): Table | undefined {
  const places = table.columns.flatMap(({ meaning }, at) => (meaning === 'image' ? [at] : []));
  const isIt = (part: string) =>
    part.split(/[/\\]/).at(-1)?.toLowerCase() === fileName.toLowerCase();
  let found = false;
  const rename = (cell: string) =>
    cell
      .split('|')
      .map((part) => {
        if (!isIt(part.trim())) return part;
        found = true;
        return ` ${reference} `;
      })
      .join('|')
      .trim();
  const rows = table.rows.map((row): TableRow => {
    const cells = row.cells.map((cell, at) => (places.includes(at) ? rename(cell) : cell));
    return cells.some((cell, at) => cell !== row.cells[at]) ? { ...row, cells } : row;
  });
  return found ? { ...table, rows } : undefined;
}

export function headingText({ heading, meaning }: TableColumn): string {
  if (meaning === '') return `${heading} (ignored)`;
  const title = MEANINGS[meaning];
  return heading === meaning || heading.toLowerCase() === title.toLowerCase()
    ? title
    : `${heading} · ${title}`;
}
