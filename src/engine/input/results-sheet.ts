import { plainHeading } from './headings.ts';
import type { SourceRecord } from './source-record.ts';

/** Columns that together tell that a sheet is a `results.csv` of ours. */
const MARKS = ['state', 'file', 'attempt', 'reason', 'credits'];
/** Columns of ours that are no input; `model`, `size` and `seed` are read as what to make again. */
const DELIVERED = [...MARKS, 'usd', 'row', 'index'];

/** True when the sheet was written by a delivery (all of `state,file,attempt,reason,credits`). */
export function isResultsSheet(columns: readonly string[]): boolean {
  const plain = new Set(columns.map(plainHeading));
  return MARKS.every((mark) => plain.has(mark));
}

/** True of a column that delivery added to a results sheet and that is no input when read again. */
export function isDeliveredColumn(heading: string, columns: readonly string[]): boolean {
  const plain = plainHeading(heading);
  if (DELIVERED.includes(plain)) return true;
  // The size that was made from a ratio is rounded; the ratio is what was asked for.
  return plain === 'size' && columns.some((column) => plainHeading(column) === 'aspectratio');
}

export interface MergedRecord extends SourceRecord {
  /** How many images the row had: its lines in the results. */
  readonly count: number;
}

/**
 * Results have a line per image; this makes them a record per row again: the first line of each `row`
 * stays and knows how many lines the row has. Lines of a row need not follow each other. Two passes;
 * the memory grows with the number of rows (a number each).
 */
export async function* mergeResultLines(
  columns: readonly string[],
  records: () => AsyncIterable<SourceRecord>,
): AsyncGenerator<MergedRecord> {
  const place = columns.findIndex((heading) => plainHeading(heading) === 'row');
  const lines = new Map<string, number>();
  if (place !== -1) {
    for await (const { cells } of records()) {
      const row = cells[place] ?? '';
      lines.set(row, (lines.get(row) ?? 0) + 1);
    }
  }
  for await (const record of records()) {
    const row = place === -1 ? '' : (record.cells[place] ?? '');
    const count = row === '' ? 1 : lines.get(row);
    if (row !== '') lines.delete(row);
    if (count !== undefined) yield { ...record, count };
  }
}
