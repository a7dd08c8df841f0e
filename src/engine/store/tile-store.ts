/** What a contact sheet shows of very many items, by their place: a part of `Store`. */
import type { FlagKind } from '../core/flag.ts';
import type { ItemState } from '../core/outcome.ts';
import type { RefusalCategory } from '../core/refusal.ts';
import type { Mark, ReviewFilter, Verdict } from '../core/review.ts';

/** Which items are meant; nothing set: all of them. */
export interface TileFilter {
  readonly states?: readonly ItemState[];
  /** A model's id, on either of its lanes. */
  readonly model?: string;
  readonly flag?: FlagKind;
  readonly category?: RefusalCategory;
  /** A part of the prompt, of the sheet or as it was sent; ASCII letters in either case. */
  readonly search?: string;
  readonly review?: ReviewFilter;
}

/** Rows of the sheet after `after` up to `until`. */
export interface RowSpan {
  readonly after: number;
  readonly until: number;
}

export interface TilePlace {
  readonly id: string;
  readonly row: number;
}

/** An item, as small as a contact sheet needs it. */
export interface Tile {
  readonly id: string;
  readonly row: number;
  readonly index: number;
  readonly model: string;
  readonly state: ItemState;
  readonly reason?: string;
  readonly category?: RefusalCategory;
  readonly flags: readonly FlagKind[];
  readonly verdict?: Verdict;
  readonly stars: number;
  readonly hasNote: boolean;
  /** What was last said of it on a page for approval. */
  readonly mark?: Mark;
  /** Of the stored picture. */
  readonly hash?: string;
  readonly width?: number;
  readonly height?: number;
  /** As it was sent, or would be. */
  readonly prompt?: string;
}

export interface TileStore {
  /** Ids of all items, or of those in one state, at these places in the order of the sheet. */
  tileIds(runId: string, part: TilePart): Promise<string[]>;
  /** How many items of a span are in these states, or how many rows have such an item. */
  countTiles(runId: string, plain: PlainTiles, span: RowSpan): Promise<number>;
  /** Items of a span that the filter means, in the order of the sheet. */
  tilesOfSpan(runId: string, filter: TileFilter, span: RowSpan): Promise<TilePlace[]>;
  /** In the order of the sheet. */
  tiles(
    runId: string,
    ids: readonly string[],
    show: { readonly prompts: boolean },
  ): Promise<Tile[]>;
  /** The number of the run's last row; 0: it has none. */
  lastTileRow(runId: string): Promise<number>;
  /** Models that the run has. */
  tileModels(runId: string): Promise<string[]>;
}

export interface PlainTiles {
  /** Absent: all. */
  readonly states?: readonly ItemState[];
  readonly by: 'item' | 'row';
}

export interface TilePart {
  readonly state?: ItemState;
  readonly offset: number;
  readonly limit: number;
}
