import type { Problem } from '../core/errors.ts';
import {
  isNumberedImage,
  MEANINGS,
  plainHeading,
  USUAL_HEADINGS,
  usualMeaning,
  type Meaning,
} from './headings.ts';
import { deliveredPlaces } from './results-sheet.ts';

export interface MappedColumns {
  /** Heading → meaning, for the columns that have one. */
  readonly mapping: Readonly<Record<string, Meaning>>;
  readonly problems: readonly Problem[];
}

/** What was asked by `--map`: place of a column → its meaning, or '' for none. */
type Forced = ReadonlyMap<number, Meaning | ''>;

/**
 * Gives each heading its meaning: first what `columnMap` says, then the usual names. Of two headings
 * for one meaning the exact name wins (of `name, title, filename, id` the first in that order);
 * otherwise it is a problem. Several image columns are allowed when they are numbered.
 *
 * @param columnMap heading (or meaning) → meaning; '' ignores the column. Case does not matter.
 * @param sample the first rows, to propose a column when there is none for the prompt.
 */
export function mapColumns(
  columns: readonly string[],
  columnMap: Readonly<Record<string, string>>,
  sample: readonly (readonly string[])[],
): MappedColumns {
  const problems: Problem[] = duplicateHeadings(columns);
  const forced = readColumnMap(columns, columnMap, problems);
  const places = new Map<number, Meaning>();
  for (const [place, meaning] of forced) if (meaning !== '') places.set(place, meaning);
  const taken = new Set(places.values());
  const delivered = deliveredPlaces(columns);
  const free = columns
    .map((_, place) => place)
    .filter((place) => !forced.has(place) && !delivered.has(place));
  for (const meaning of MEANINGS) {
    if (taken.has(meaning)) continue;
    const chosen = chooseColumns(meaning, candidates(meaning, free, columns), columns, problems);
    for (const place of chosen) places.set(place, meaning);
  }
  const meanings = new Set(places.values());
  if (!meanings.has('prompt') && problems.length === 0) problems.push(noPrompt(columns, sample));
  const mapping = [...places]
    .sort(([a], [b]) => a - b)
    .map(([at, meaning]) => [columns[at]!, meaning]);
  return { mapping: Object.fromEntries(mapping) as Record<string, Meaning>, problems };
}

function candidates(meaning: Meaning, free: readonly number[], columns: readonly string[]) {
  return free.filter((place) => usualMeaning(columns[place]!) === meaning);
}

function chooseColumns(
  meaning: Meaning,
  found: readonly number[],
  columns: readonly string[],
  problems: Problem[],
): readonly number[] {
  if (found.length < 2) return found;
  const plain = (place: number) => plainHeading(columns[place]!);
  if (meaning === 'image') {
    const numbered = found.filter((place) => isNumberedImage(plain(place)));
    const others = found.filter((place) => !isNumberedImage(plain(place)));
    if (numbered.length > 0)
      return [...chooseColumns('image', others, columns, problems), ...numbered];
  }
  const names = USUAL_HEADINGS[meaning];
  const wanted = meaning === 'name' ? names : names.slice(0, 1);
  for (const name of wanted) {
    const exact = found.filter((place) => plain(place) === name);
    if (exact.length === 1) return exact;
  }
  const headings = found.map((place) => columns[place]!);
  problems.push({
    message: `The columns ${listed(headings)} could each be the ${meaning}`,
    remedy: `Choose one with --map "${headings[0]}=${meaning}", or ignore one with --map "${headings[1]}=".`,
  });
  return [];
}

function readColumnMap(
  columns: readonly string[],
  columnMap: Readonly<Record<string, string>>,
  problems: Problem[],
): Forced {
  const forced = new Map<number, Meaning | ''>();
  for (const [key, value] of Object.entries(columnMap)) {
    const meaning = value.trim() === '' ? '' : meaningNamed(value);
    const places = columnsNamed(key, columns);
    if (meaning === undefined) problems.push(unknownMeaning(key, value));
    if (places.length === 0) problems.push(unknownColumn(key, columns));
    if (meaning === undefined) continue;
    const holder = [...forced].find(([, other]) => other === meaning);
    if (holder && meaning !== '' && meaning !== 'image') {
      problems.push(mappedTwice(columns[holder[0]]!, key, meaning));
    }
    for (const place of places) forced.set(place, meaning);
  }
  return forced;
}

function meaningNamed(text: string): Meaning | undefined {
  return MEANINGS.find((meaning) => plainHeading(meaning) === plainHeading(text));
}

/** Columns with this heading; failing that, those that have this meaning by themselves. */
function columnsNamed(key: string, columns: readonly string[]): number[] {
  const all = columns.map((_, place) => place);
  const same = all.filter((place) => columns[place]!.toLowerCase() === key.trim().toLowerCase());
  if (same.length > 0) return same;
  const alike = all.filter((place) => plainHeading(columns[place]!) === plainHeading(key));
  if (alike.length > 0) return alike;
  const meaning = meaningNamed(key);
  return meaning === undefined ? [] : all.filter((at) => usualMeaning(columns[at]!) === meaning);
}

function duplicateHeadings(columns: readonly string[]): Problem[] {
  const twice = new Set(columns.filter((heading, place) => columns.indexOf(heading) !== place));
  return [...twice].map((heading) => ({
    column: heading,
    message: `The heading ${JSON.stringify(heading)} is there more than once`,
    remedy: 'Give each column a heading of its own.',
  }));
}

function noPrompt(columns: readonly string[], sample: readonly (readonly string[])[]): Problem {
  const lengths = columns.map((_, at) =>
    sample.reduce((sum, row) => sum + (row[at]?.length ?? 0), 0),
  );
  const best = columns[lengths.indexOf(Math.max(...lengths))] ?? columns[0] ?? 'COLUMN';
  return {
    message: `No column holds the prompt; the columns are ${listed(columns)}`,
    remedy: `Name one with --map "${best}=prompt". If the file has no headings but a prompt a line, give it the ending .txt.`,
  };
}

function unknownColumn(key: string, columns: readonly string[]): Problem {
  return {
    message: `There is no column ${JSON.stringify(key)} to map`,
    remedy: `The columns are ${listed(columns)}.`,
  };
}

function unknownMeaning(key: string, value: string): Problem {
  return {
    message: `The column ${JSON.stringify(key)} cannot be mapped to ${JSON.stringify(value)}`,
    remedy: `Choose one of ${MEANINGS.join(', ')}, or nothing (--map "${key}=") to ignore the column.`,
  };
}

function mappedTwice(first: string, second: string, meaning: Meaning): Problem {
  return {
    message: `The columns ${listed([first, second])} are both mapped to ${meaning}`,
    remedy: 'Map only one of them.',
  };
}

function listed(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}
