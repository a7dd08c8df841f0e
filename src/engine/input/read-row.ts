import type { Problem } from '../core/errors.ts';
import { QUALITIES, type Quality } from '../core/quality.ts';
import type { Row } from '../core/row.ts';
import { ratioOf, type Size } from '../core/size.ts';
import type { Meaning } from './headings.ts';
import { readAspectRatio } from './read-aspect-ratio.ts';
import { readInteger } from './read-integer.ts';
import { readPrompt } from './read-prompt.ts';
import { readSize } from './read-size.ts';
import { bad, good, type Reading } from './reading.ts';
import { splitReferences } from './references.ts';
import type { StyleNames } from './style-names.ts';

export const LARGEST_SEED = 4_294_967_295;
const MOST_COPIES = 1000;
const LONGEST_SIDE = 99_999;

/** Where a meaning's cells are: places among the columns (several for images). */
export type Places = ReadonlyMap<Meaning, readonly number[]>;

/** A row whose own cells are checked; its references are still as written. */
export interface DraftRow {
  readonly row: Omit<Row, 'number' | 'line' | 'cells' | 'references'>;
  /** Each with the heading of the column it is from. */
  readonly references: readonly { readonly column: string; readonly text: string }[];
  readonly problems: readonly Omit<Problem, 'file' | 'line'>[];
}

/** Reads and checks the cells of one record; finds all problems, not only the first. */
export function readRow(
  cells: readonly string[],
  columns: readonly string[],
  places: Places,
  styles: StyleNames | undefined,
): DraftRow {
  const problems: Omit<Problem, 'file' | 'line'>[] = extraCells(cells, columns);

  function read<Value>(meaning: Meaning, reader: (cell: string) => Reading<Value>) {
    const place = places.get(meaning)?.[0];
    const cell = place === undefined ? '' : (cells[place] ?? '');
    if (place === undefined || cell.trim() === '') return undefined;
    const reading = reader(cell);
    if (reading.ok) return reading.value;
    problems.push({ column: columns[place]!, value: cell, ...reading.trouble });
    return undefined;
  }

  const promptPlace = places.get('prompt')?.[0] ?? 0;
  if ((cells[promptPlace] ?? '').trim() === '') problems.push(emptyPrompt(columns[promptPlace]!));
  const prompt = read('prompt', (cell) => readPrompt(cell, 'prompt')) ?? '';
  const width = read('width', (cell) => readInteger(cell, 'width', 1, LONGEST_SIDE));
  const height = read('height', (cell) => readInteger(cell, 'height', 1, LONGEST_SIDE));
  const written = read('size', readSize);
  const ratio = read('aspect_ratio', readAspectRatio);
  const sides = oneSize(written, width, height, sidesGiven(cells, places), problems);
  const size = sides;
  if (size && ratio && Math.abs(ratioOf(size) / (ratio[0] / ratio[1]) - 1) > 0.02) {
    problems.push(ratioAgainstSize(size, ratio, columns[places.get('aspect_ratio')![0]!]!));
  }
  const row = present({
    prompt,
    negativePrompt: read('negative_prompt', (cell) => readPrompt(cell, 'negative prompt')),
    name: read('name', (cell) => good(cell.trim())),
    model: read('model', (cell) => good(cell.trim())),
    size,
    aspectRatio: size ? undefined : ratio,
    quality: read('quality', readQuality),
    seed: read('seed', (cell) => readInteger(cell, 'seed', 0, LARGEST_SEED)),
    count: read('count', (cell) => readInteger(cell, 'count', 1, MOST_COPIES)),
    style: read('style', (cell) => (styles ? styles.read(cell.trim()) : good(cell.trim()))),
  });
  return { row, references: readReferences(cells, columns, places), problems };
}

type Checked = DraftRow['row'];
type Loose = { [Key in keyof Checked]: Checked[Key] | undefined } & Pick<Checked, 'prompt'>;

function present(row: Loose): Checked {
  for (const key of Object.keys(row) as (keyof Loose)[])
    if (row[key] === undefined) delete row[key];
  return row as Checked;
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

type SidesGiven = { readonly width: boolean; readonly height: boolean };

function sidesGiven(cells: readonly string[], places: Places): SidesGiven {
  const given = (meaning: Meaning) => {
    const place = places.get(meaning)?.[0];
    return place !== undefined && (cells[place] ?? '').trim() !== '';
  };
  return { width: given('width'), height: given('height') };
}

function oneSize(
  written: Size | undefined,
  width: number | undefined,
  height: number | undefined,
  given: SidesGiven,
  problems: Omit<Problem, 'file' | 'line'>[],
): Size | undefined {
  if (given.width !== given.height) {
    const missing = given.width ? 'height' : 'width';
    problems.push({ message: `The row has no ${missing}`, remedy: 'Give both width and height.' });
  }
  if (width === undefined || height === undefined) return written;
  if (written && (written.width !== width || written.height !== height)) {
    problems.push({
      message: `The size ${written.width}x${written.height} differs from width and height, ${width}x${height}`,
      remedy: 'Keep one of them.',
    });
  }
  return { width, height };
}

function ratioAgainstSize(size: Size, ratio: readonly [number, number], column: string) {
  return {
    column,
    value: ratio.join(':'),
    message: `The aspect ratio does not fit the size ${size.width}x${size.height}`,
    remedy: 'Keep one of the two in this row.',
  };
}

function emptyPrompt(column: string) {
  return { column, message: 'The prompt is empty', remedy: 'Write one or delete the row.' };
}

function extraCells(cells: readonly string[], columns: readonly string[]) {
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
