/**
 * What a sheet says, before anything is planned with it: its columns with their meanings, its first rows as they
 * are written, and all that is wrong with it. It is read to its end, in flat memory, and nothing of it is kept.
 */
import { InputError, type Problem } from '../core/errors.ts';
import type { Meaning } from '../input/headings.ts';
import { openSheet } from '../input/open-sheet.ts';
import { openTable } from '../input/open-table.ts';
import { deliveredPlaces, isResultsSheet } from '../input/results-sheet.ts';
import type { Sheet, SheetRow } from '../input/sheet.ts';
import type { SourceTable } from '../input/source-record.ts';

export interface SheetPreviewOrder {
  /** Absolute path of a folder; references by path must lie in it. */
  readonly within: string;
  /** Heading → meaning; an empty meaning ignores the column. */
  readonly columnMap: Readonly<Record<string, string>>;
  /** Rows that are told; the others are checked and counted. */
  readonly mostRows: number;
  /** Characters of all cells that are told; a cell counts as one more. */
  readonly mostCharacters: number;
  readonly mostProblems: number;
}

export interface PreviewedRow {
  /** From 1, without empty rows. */
  readonly number: number;
  /** Line of the file. */
  readonly line: number;
  /** By their place among the columns. */
  readonly cells: readonly string[];
}

export interface SheetPreview {
  readonly columns: readonly { readonly heading: string; readonly meaning: Meaning | undefined }[];
  /** The first ones, as far as the bounds let them. */
  readonly rows: readonly PreviewedRow[];
  readonly rowCount: number;
  /** The first ones; `row`: of the row that each is about. */
  readonly problems: readonly (Problem & { readonly row?: number })[];
  readonly problemCount: number;
  readonly warnings: readonly string[];
}

export class SheetPreviews {
  /** Throws `InputError` when the file is no sheet at all; what is wrong within one is told with it. */
  async read(path: string, order: SheetPreviewOrder): Promise<SheetPreview> {
    const { columnMap, within } = order;
    const opened = await openSheet(path, { columnMap, within }).catch((error: unknown) => {
      if (error instanceof InputError) return error;
      throw error;
    });
    if (!(opened instanceof InputError)) return await checked(opened, order);
    // Its columns cannot be understood yet; the cells are there, so that somebody can say what they mean.
    const table = await openTable(path, Object.keys(columnMap));
    return await unchecked(table, opened.problems, order);
  }
}

async function checked(sheet: Sheet, order: SheetPreviewOrder): Promise<SheetPreview> {
  const { columns, mapping, warnings } = sheet;
  const preview = new Preview(order);
  const delivered = deliveredPlaces(columns);
  const own = columns.filter((_, place) => !delivered.has(place));
  // Lines of a results sheet are images: each row says how many it had.
  const counted = isResultsSheet(columns) ? countColumn(own, mapping) : undefined;
  const shown = counted === undefined || own.includes(counted) ? own : [...own, counted];
  for await (const row of sheet.rows()) {
    const { number, line, cells, count } = partsOf(row);
    const given = counted === undefined ? cells : { ...cells, [counted]: String(count) };
    preview.add({ number, line, cells: shown.map((heading) => given[heading] ?? '') });
    if (row.kind === 'bad')
      for (const each of row.problems) preview.fault({ ...each, row: number });
  }
  const meaningOf = (heading: string) =>
    heading === counted ? ('count' as const) : meaningIn(mapping, heading);
  return preview.told(
    shown.map((heading) => ({ heading, meaning: meaningOf(heading) })),
    warnings,
  );
}

function partsOf(row: SheetRow) {
  if (row.kind === 'bad') return { ...row, count: 1 };
  const { number, line, cells, count = 1 } = row.row;
  return { number, line, cells, count };
}

function countColumn(
  columns: readonly string[],
  mapping: Readonly<Record<string, Meaning>>,
): string {
  return columns.find((heading) => meaningIn(mapping, heading) === 'count') ?? 'count';
}

function meaningIn(
  mapping: Readonly<Record<string, Meaning>>,
  heading: string,
): Meaning | undefined {
  return Object.hasOwn(mapping, heading) ? mapping[heading] : undefined;
}

async function unchecked(
  table: SourceTable,
  problems: readonly Problem[],
  order: SheetPreviewOrder,
): Promise<SheetPreview> {
  const preview = new Preview(order);
  for (const problem of problems) preview.fault(problem);
  let number = 0;
  for await (const { line, cells, trouble } of table.records()) {
    if (trouble === undefined && cells.every((cell) => cell.trim() === '')) continue;
    number += 1;
    preview.add({ number, line, cells: table.columns.map((_, place) => cells[place] ?? '') });
  }
  const columns = table.columns.map((heading) => ({ heading, meaning: undefined }));
  return preview.told(columns, table.warnings);
}

/** Gathers within its bounds. */
class Preview {
  readonly #order: SheetPreviewOrder;
  readonly #rows: PreviewedRow[] = [];
  readonly #problems: (Problem & { readonly row?: number })[] = [];
  #rowCount = 0;
  #problemCount = 0;
  #charactersLeft: number;

  constructor(order: SheetPreviewOrder) {
    this.#order = order;
    this.#charactersLeft = order.mostCharacters;
  }

  add(row: PreviewedRow): void {
    this.#rowCount += 1;
    if (this.#rows.length >= this.#order.mostRows) return;
    // Empty cells are told as well, and a row of few characters may have a thousand of them.
    this.#charactersLeft -= row.cells.reduce((sum, { length }) => sum + length + 1, 0);
    // Once one did not fit none is told any more: what is told has no holes.
    if (this.#charactersLeft >= 0) this.#rows.push(row);
  }

  fault(problem: Problem & { readonly row?: number }): void {
    this.#problemCount += 1;
    if (this.#problems.length < this.#order.mostProblems) this.#problems.push(problem);
  }

  told(columns: SheetPreview['columns'], warnings: readonly string[]): SheetPreview {
    return {
      columns,
      rows: this.#rows,
      rowCount: this.#rowCount,
      problems: this.#problems,
      problemCount: this.#problemCount,
      warnings,
    };
  }
}
