import type { Trouble } from './reading.ts';

/** One raw line of a table, before any cell is looked at. */
export interface SourceRecord {
  /** Line of the file where the record starts, counted from 1 (row of the worksheet in XLSX). */
  readonly line: number;
  /** Cells by their place among the columns; may be fewer or more than the headings. */
  readonly cells: readonly string[];
  /** Set when the record as a whole cannot be read (a line of JSONL that is not JSON). */
  readonly trouble?: Trouble;
}

/** A file as a table of texts, whatever its format was. */
export interface SourceTable {
  /** Headings in order, none of them empty. */
  readonly columns: readonly string[];
  readonly warnings: readonly string[];
  /** Reads the file from its start each time it is called. */
  records(): AsyncIterable<SourceRecord>;
}
