import type { LaneKind } from './lane.ts';
import type { Quality } from './quality.ts';
import type { MasterFacts } from './reference.ts';
import type { Row, SkippedRow } from './row.ts';
import type { Size } from './size.ts';

/** What a row becomes: everything that is sent is decided here, once. */
export interface PlannedRow {
  readonly row: Row;
  /**
   * 32 hex digits: the row's identity within a run. A function of what makes its pictures (prompt,
   * negative, size, quality, seed, references, the model asked for) and of its occurrence among equal
   * rows, not of its place: moving a row does not change it. The count is not part of it either, so
   * that asking for more images of a row buys only the new ones.
   */
  readonly key: string;
  readonly model: string;
  readonly vendor: string;
  readonly size: Size;
  readonly quality: Quality;
  /** The prompt as it is sent: style applied, negative appended where the model has no field. */
  readonly prompt: string;
  /** Only where the model has such a field. */
  readonly negativePrompt?: string;
  /** Of the row's first image; image `i` has `seed + i - 1`. */
  readonly seed?: number;
  readonly count: number;
  readonly references: readonly string[];
  /** The facts of each reference's master, in the same order: what is sent is what was planned. */
  readonly masters?: readonly MasterFacts[];
  /** Batch number within the run, counted from 1. */
  readonly batch: number;
  /**
   * Place of the row's first image in its model's streak: images that the plan gives the model since its
   * turn began, this one included. Absent in runs that were planned by an older version.
   */
  readonly streak?: number;
  /**
   * An extra image that repeats one prompt and seed, to see whether the model still paints as it did:
   * which one of its model, counted from 1. Its `row` is a stand-in with the number of the row before it.
   */
  readonly canary?: number;
  /** The way to its model that it begins with. */
  readonly lane: LaneKind;
  readonly proof: boolean;
  /** Consecutive images of the row that are asked for in one paid call. */
  readonly requests: readonly PlannedRequest[];
}

/** What one request costs on a lane. */
export interface RequestPrice {
  /** Price of one delivered image. */
  readonly creditMicrosPerImage: number;
  /** The most that the vendor can bill for this request; `undefined`: nobody knows. */
  readonly worstUsdMicros: number | undefined;
  /** What it will most likely bill. */
  readonly expectedUsdMicros: number | undefined;
}

export interface PlannedRequest extends RequestPrice {
  /** The row's image that comes first in this request, counted from 1. */
  readonly firstIndex: number;
  readonly count: number;
  /** On a batch lane: what the same request costs live, should it come to that. */
  readonly live?: RequestPrice;
}

/** Credits and dollars; dollars are `undefined` when any part of them is unknown. */
export interface Amount {
  readonly creditMicros: number;
  readonly usdMicros: number | undefined;
}

export interface ModelPlan {
  readonly model: string;
  readonly vendor: string;
  readonly batches: number;
  readonly requests: number;
  readonly items: number;
  readonly amount: Amount;
  /** The same if everything goes live. */
  readonly live: Amount;
  /** Requests by how many images they carry: `{ 1: 40, 4: 10 }`. */
  readonly requestSizes: Readonly<Record<number, number>>;
  /** How many of the requests begin on the batch lane. */
  readonly batchRequests: number;
}

/** What the same sheet would cost on another model. */
export interface Alternative {
  readonly model: string;
  readonly vendor: string;
  /** Why it cannot make the sheet; absent when it can. */
  readonly excluded?: string;
  readonly available: boolean;
  readonly requests: number;
  readonly requestSizes: Readonly<Record<number, number>>;
  readonly amount: Amount;
}

/** Everything a plan says, but for the finishing time (`forecast.ts` adds it). */
export interface Plan {
  /** SHA-256 over settings, catalog and every planned row, in order: 64 hex digits. */
  readonly hash: string;
  readonly catalogDate: string;
  readonly rows: number;
  readonly items: number;
  /** Of all items together, at the sizes that were asked for. */
  readonly pixels: number;
  /** Bad rows that are left out. */
  readonly skipped: number;
  /** Rows that repeat an earlier one, made again or not. */
  readonly duplicates: number;
  /** Those of `duplicates` that are made once with the earlier one. */
  readonly collapsed: number;
  /** Images of `items` that only watch over a model's quality; absent: none. */
  readonly canaries?: number;
  readonly quality: Quality;
  readonly models: readonly ModelPlan[];
  /**
   * The expected total if everything went live, and if everything that can went by batch; absent: no
   * model of the plan has a batch lane.
   */
  readonly lanes: { readonly live: Amount; readonly batch?: Amount };
  readonly low: Amount;
  readonly expected: Amount;
  readonly worst: Amount;
  /** Different reference pictures, and how many of them are fitted to a model; absent: there are none. */
  readonly references?: { readonly pictures: number; readonly fitted: number };
  /** Why these models were chosen: the rule, ties and exclusions. */
  readonly choice: readonly string[];
  /** What a person should know before paying, each with how many rows it concerns. */
  readonly warnings: readonly string[];
  readonly alternatives: readonly Alternative[];
}

/** What comes out of planning one line of the sheet. */
export type PlannedLine =
  | { readonly kind: 'row'; readonly row: PlannedRow }
  | { readonly kind: 'skipped'; readonly row: SkippedRow };
