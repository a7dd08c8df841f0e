import type { Quality } from './quality.ts';
import type { Size } from './size.ts';

/** One checked line of a sheet. Absent means: the run's settings decide. */
export interface Row {
  /** Place among the sheet's rows, counted from 1 (bad rows that are skipped keep their number). */
  readonly number: number;
  /** Line of the file where the row starts, counted from 1. */
  readonly line: number;
  readonly prompt: string;
  readonly negativePrompt?: string;
  readonly name?: string;
  /** A model's name or alias as written in the sheet. */
  readonly model?: string;
  readonly size?: Size;
  /** Width and height of `aspect_ratio`, like [16, 9]; a row has a size or a ratio, not both. */
  readonly aspectRatio?: readonly [across: number, down: number];
  readonly quality?: Quality;
  readonly seed?: number;
  readonly count?: number;
  /** Paths (made absolute, from the sheet's folder), http(s) addresses and `@names`. */
  readonly references: readonly string[];
  /** The references are those that the run gives to rows without any (`--image`). */
  readonly lentReferences?: true;
  readonly style?: string;
  /** Every cell of the input by its column's heading, in order, unchanged. */
  readonly cells: Readonly<Record<string, string>>;
}

/** A row that was left out by `--skip-bad-rows`; it is listed in the results. */
export interface SkippedRow {
  readonly number: number;
  readonly line: number;
  readonly reason: string;
  readonly cells: Readonly<Record<string, string>>;
}
