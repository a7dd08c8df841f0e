import type { Flag } from './flag.ts';
import type { PictureMeasures } from './picture-measures.ts';
import type { Screening } from './screening.ts';

/** A delivered image with its measures, as far as a queue is judged by them. */
export interface MeasuredItem {
  readonly itemId: string;
  /** Number of its row, and which of the row's images it is. */
  readonly row: number;
  readonly index: number;
  /** The model that made it. */
  readonly model: string;
  /** Place in its model's streak, from 1. */
  readonly streak?: number;
  /** Which canary of its model it is; absent: an image of the sheet. */
  readonly canary?: number;
  readonly style?: string;
  readonly references: readonly string[];
  /** Hash of the master of its first reference, in the blob store. */
  readonly master?: string;
  readonly measures: PictureMeasures;
  /** What was written down about it before; absent: nothing yet. */
  readonly flags?: readonly Flag[];
  readonly drift?: number;
}

export interface MeasuredFilter {
  /** Only these; at most 500. */
  readonly itemIds?: readonly string[];
  /** Rows from this number on, and up to this one. */
  readonly fromRow?: number;
  readonly toRow?: number;
  /** Only those whose flags were not written down yet. */
  readonly unjudged?: boolean;
}

/** What judging an image found. */
export interface Finding {
  readonly itemId: string;
  /** All but `screened`. */
  readonly flags: readonly Flag[];
  readonly drift?: number;
  /** What screening said, none or one; absent: what was said before stays. */
  readonly screening?: readonly Screening[];
}

/** Images of a model at neighbouring places of its streaks. */
export interface CurvePoint {
  readonly model: string;
  /** The first place that it sums up. */
  readonly from: number;
  readonly images: number;
  /** Geometric mean of their detail. */
  readonly detail: number;
}
