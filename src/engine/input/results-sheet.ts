import { plainHeading } from './headings.ts';
import type { SourceRecord } from './source-record.ts';

/** Columns that together tell that a sheet is a `results.csv` of ours. */
const MARKS = ['state', 'file', 'attempt', 'reason', 'credits'];
/** All columns that delivery adds after those of the input. */
const DELIVERED = [
  ...MARKS,
  'row',
  'index',
  'usd',
  'model',
  'size',
  'seed',
  'refusalstage',
  'refusalcategory',
  'referencechanges',
  'flags',
  'review',
  'stars',
  'reviewnote',
  'clientmark',
  'clientnote',
];

/** True when the sheet was written by a delivery (all of `state,file,attempt,reason,credits`). */
export function isResultsSheet(columns: readonly string[]): boolean {
  const names = new Set(columns.map(deliveredName));
  return MARKS.every((mark) => names.has(mark));
}

/**
 * Places of the columns that a delivery added; they are no input when the sheet is read again, so that
 * a results sheet means the same as the sheet it came from. Where the input has a column of the same
 * name, ours is the later one.
 */
export function deliveredPlaces(columns: readonly string[]): ReadonlySet<number> {
  if (!isResultsSheet(columns)) return new Set();
  const names = columns.map(deliveredName);
  // Ours begin with `row,index,state`; a `seed` before that is the input's own.
  const start = names.lastIndexOf('state') - 2;
  const places = DELIVERED.map((name) => names.lastIndexOf(name));
  return new Set(places.filter((place) => place >= Math.max(0, start)));
}

/** `imagemill_model` → `model`: delivery's prefix where the input has that column too. */
function deliveredName(heading: string): string {
  return plainHeading(heading).replace(/^(?:imagemill)+/, '');
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
  const place = columns.map(deliveredName).lastIndexOf('row');
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
