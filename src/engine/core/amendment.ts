import type { PlannedRow } from './plan.ts';
import type { Quality } from './quality.ts';

/**
 * What a decision changed of a row for one request: another model (a fallback, a change of turns,
 * `retry --model`) or other words (`retry --rewrite`). The row itself stays as the sheet has it, so that
 * it keeps its key.
 */
export interface Amendment {
  readonly model?: string;
  readonly vendor?: string;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly seed?: number;
  readonly quality?: Quality;
  /** Parts of the row that the new model has no field for. */
  readonly without?: readonly ('negativePrompt' | 'seed')[];
  /** Place of the row's first image in the new model's streak. */
  readonly streak?: number;
  /** Who decided: the run's `fallback` or `rotation`, or a person's `retry`. */
  readonly by: 'fallback' | 'rotation' | 'retry';
}

/** A request as a decision wants it: its lane, words and price. */
export interface AmendedRequest {
  /** Of the row's images, counted from 1. */
  readonly indexes: readonly number[];
  readonly amendment: Amendment;
  readonly lane: string;
  readonly creditMicrosPerImage: number;
  readonly worstUsdMicros: number | undefined;
  readonly expectedUsdMicros: number | undefined;
}

/** What a page of changes came to; `next`: where the following page begins, if there is one. */
export interface AmendedPage {
  readonly items: number;
  readonly next?: number;
}

/** Decides how images of a row are asked for again; `[]` leaves them as they are. Pure. */
export type Amend = (
  row: PlannedRow,
  indexes: readonly number[],
  before: Amendment | undefined,
) => readonly AmendedRequest[];

/** The row as a request with this amendment asks for it. */
export function amendedRow(row: PlannedRow, amendment: Amendment | undefined): PlannedRow {
  if (amendment === undefined) return row;
  const { by: _by, without = [], ...changes } = amendment;
  const kept = Object.entries({ ...row, ...changes }).filter(
    ([name]) => !without.some((each) => each === name),
  );
  return Object.fromEntries(kept) as unknown as PlannedRow;
}
