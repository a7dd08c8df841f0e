import type { Problem } from '../core/errors.ts';
import { QUALITIES, type Quality } from '../core/quality.ts';
import type { Row } from '../core/row.ts';
import { ratioOf, type Size } from '../core/size.ts';
import type { Meaning } from './headings.ts';
import { readAspectRatio } from './read-aspect-ratio.ts';
import { readInteger } from './read-integer.ts';
import { readNegativePrompt, readPrompt } from './read-prompt.ts';
import { readSize } from './read-size.ts';
import { bad, good, type Reading } from './reading.ts';
import { splitReferences } from './references.ts';
import type { SourceRecord } from './source-record.ts';
import type { StyleNames } from './style-names.ts';
import type { Ratio } from './usual-ratios.ts';

export const LARGEST_SEED = 4_294_967_295;
const MOST_COPIES = 1000;
const LONGEST_SIDE = 99_999;

/** Where a meaning's cells are: places among the columns (several for images). */
export type Places = ReadonlyMap<Meaning, readonly number[]>;

/** What is wrong in a row, but for file and line, which the caller knows. */
export type RowProblem = Omit<Problem, 'file' | 'line'>;

/** A row whose own cells are checked; its references are still as written. */
export interface DraftRow {
  readonly row: Row;
  /** Each with the heading of the column it is from. */
  readonly references: readonly { readonly column: string; readonly text: string }[];
  readonly problems: readonly RowProblem[];
}

/** The columns of a sheet and what the cells are checked against. */
export interface RowFrame {
  readonly columns: readonly string[];
  readonly places: Places;
  readonly styles?: StyleNames;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Reads and checks the cells of one record; finds all problems, not only the first. */
export function readRow(record: SourceRecord, number: number, frame: RowFrame): DraftRow {
  const { cells, line } = record;
  const { columns, places, styles } = frame;
  const problems: RowProblem[] = extraCells(cells, columns);

  function read<Value>(meaning: Meaning, reader: (cell: string) => Reading<Value>) {
    const place = places.get(meaning)?.[0];
    const cell = place === undefined ? '' : (cells[place] ?? '');
    if (place === undefined || cell.trim() === '') return undefined;
    const reading = reader(cell);
    if (reading.ok) return reading.value;
    problems.push({ column: columns[place]!, value: cell, ...reading.trouble });
    return undefined;
  }
  function put<Key extends keyof Row>(key: Key, value: Row[Key] | undefined) {
    if (value !== undefined) row[key] = value;
  }

  const row: Writable<Row> = {
    number,
    line,
    prompt: read('prompt', readPrompt) ?? '',
    references: [],
    cells: namedCells(cells, columns),
  };
  if (isEmpty(cells, 'prompt', places)) problems.push(emptyPrompt(columns, places));
  put('negativePrompt', read('negative_prompt', readNegativePrompt));
  put('name', read('name', readText));
  put('model', read('model', readText));
  const ratio = read('aspect_ratio', readAspectRatio);
  const size = oneSize(
    read('size', readSize),
    read('width', (cell) => readInteger(cell, 'width', 1, LONGEST_SIDE)),
    read('height', (cell) => readInteger(cell, 'height', 1, LONGEST_SIDE)),
    problems,
  );
  if (isEmpty(cells, 'width', places) !== isEmpty(cells, 'height', places)) {
    problems.push(oneSideOnly(cells, places));
  }
  if (size && ratio && !agree(size, ratio)) {
    problems.push(ratioAgainstSize(size, ratio, columns[places.get('aspect_ratio')![0]!]!));
  }
  put('size', size);
  if (!size) put('aspectRatio', ratio);
  put('quality', read('quality', readQuality));
  put(
    'seed',
    read('seed', (cell) => readInteger(cell, 'seed', 0, LARGEST_SEED)),
  );
  put(
    'count',
    read('count', (cell) => readInteger(cell, 'count', 1, MOST_COPIES)),
  );
  put('style', read('style', styles ? (cell) => styles.read(cell.trim()) : readText));
  return { row, references: readReferences(cells, columns, places), problems };
}

/** Cells by heading, in order; missing ones are empty. */
export function namedCells(
  cells: readonly string[],
  columns: readonly string[],
): Record<string, string> {
  const named: Record<string, string> = {};
  for (let place = 0; place < columns.length; place++) {
    const heading = columns[place]!;
    // Set by assignment, this one would be lost.
    if (heading === '__proto__') Object.defineProperty(named, heading, shown(cells[place] ?? ''));
    else named[heading] = cells[place] ?? '';
  }
  return named;
}

function shown(value: string): PropertyDescriptor {
  return { value, enumerable: true, writable: true, configurable: true };
}

function readText(cell: string): Reading<string> {
  return good(cell.trim());
}

function isEmpty(cells: readonly string[], meaning: Meaning, places: Places): boolean {
  const place = places.get(meaning)?.[0];
  return place === undefined || (cells[place] ?? '').trim() === '';
}

function agree(size: Size, [across, down]: Ratio): boolean {
  return Math.abs(ratioOf(size) / (across / down) - 1) <= 0.02;
}

function readQuality(cell: string): Reading<Quality> {
  const quality = QUALITIES.find((name) => name === cell.trim().toLowerCase());
  return quality
    ? good(quality)
    : bad('This quality is not known', `Write ${QUALITIES.join(', ')}, or leave the cell empty.`);
}

function readReferences(cells: readonly string[], columns: readonly string[], places: Places) {
  const found = places.get('image');
  if (!found) return [];
  return found.flatMap((place) =>
    splitReferences(cells[place] ?? '').map((text) => ({ column: columns[place]!, text })),
  );
}

function oneSize(
  written: Size | undefined,
  width: number | undefined,
  height: number | undefined,
  problems: RowProblem[],
): Size | undefined {
  if (width === undefined || height === undefined) return written;
  if (written && (written.width !== width || written.height !== height)) {
    problems.push({
      message: `The size ${written.width}x${written.height} differs from width and height, ${width}x${height}`,
      remedy: 'Keep one of them.',
    });
  }
  return { width, height };
}

function ratioAgainstSize(size: Size, ratio: Ratio, column: string): RowProblem {
  return {
    column,
    value: ratio.join(':'),
    message: `The aspect ratio does not fit the size ${size.width}x${size.height}`,
    remedy: 'Keep one of the two in this row.',
  };
}

function oneSideOnly(cells: readonly string[], places: Places): RowProblem {
  const missing = isEmpty(cells, 'height', places) ? 'height' : 'width';
  return { message: `The row has no ${missing}`, remedy: 'Give both width and height.' };
}

function emptyPrompt(columns: readonly string[], places: Places): RowProblem {
  const column = columns[places.get('prompt')?.[0] ?? 0]!;
  return { column, message: 'The prompt is empty', remedy: 'Write one or delete the row.' };
}

function extraCells(cells: readonly string[], columns: readonly string[]): RowProblem[] {
  if (cells.length <= columns.length) return [];
  const extra = cells.slice(columns.length).filter((cell) => cell.trim() !== '');
  if (extra.length === 0) return [];
  return [
    {
      value: extra[0]!,
      message: `The row has ${cells.length} cells, but there are only ${columns.length} headings`,
      remedy:
        'Put text that holds the delimiter in quotation marks ("…"), or give the extra cells a heading.',
    },
  ];
}
