import type { Problem } from '../core/errors.ts';
import type { Row } from '../core/row.ts';
import type { Meaning } from './headings.ts';

/** A row that can be made, or one that cannot and why. Both count in `number`. */
export type SheetRow =
  | { readonly kind: 'row'; readonly row: Row }
  | {
      readonly kind: 'bad';
      readonly number: number;
      readonly line: number;
      readonly problems: readonly Problem[];
      readonly cells: Readonly<Record<string, string>>;
    };

/** An opened sheet: its columns are known, its rows are read when they are asked for. */
export interface Sheet {
  /** Absolute path. */
  readonly file: string;
  /** Headings in order. A column without a heading is called `column N`. */
  readonly columns: readonly string[];
  /** Heading → meaning, for the columns that have one. */
  readonly mapping: Readonly<Record<string, Meaning>>;
  readonly warnings: readonly string[];
  /**
   * Reads the file from its start, every time it is called; stopping early closes the file. Empty rows
   * are not counted. A file that turns out to be unreadable midway throws an InputError.
   */
  rows(): AsyncIterable<SheetRow>;
}

export interface SheetOptions {
  /**
   * Heading (or meaning, for the column that has it) → meaning; an empty meaning ignores the column.
   * Case does not matter. Default: the usual names decide.
   */
  readonly columnMap?: Readonly<Record<string, string>>;
  /** Names of the known styles; a row that names another is bad. Absent: any name passes. */
  readonly styleNames?: Iterable<string>;
  /** References by path must lie in this folder; nothing outside of it is looked at. Absent: anywhere. */
  readonly within?: string;
}
