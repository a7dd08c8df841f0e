/** Which images of a run are shown, and how many each choice would show. */
import type { ReviewFilter } from '../../../../src/engine/core/review.ts';
import type { Tile } from '../../queries/reviews.ts';

export interface TileFilter {
  /** Absent: all. */
  readonly show?: ReviewFilter | undefined;
  readonly model?: string | undefined;
  readonly flag?: string | undefined;
  readonly state?: string | undefined;
  readonly mark?: string | undefined;
}

/** What a flag filter means when any flag will do. */
export const ANY_FLAG = 'any';

const SHOWN: Readonly<Record<ReviewFilter, (tile: Tile) => boolean>> = {
  kept: ({ verdict }) => verdict === 'keep',
  rejected: ({ verdict }) => verdict === 'reject',
  starred: ({ stars }) => stars > 0,
  noted: ({ has_note: hasNote }) => hasNote,
  undecided: ({ verdict }) => verdict === null,
};

export function filterTiles(tiles: readonly Tile[], filter: TileFilter): readonly Tile[] {
  const { show, ...others } = filter;
  const isPlain = Object.values(others).every((each) => each === undefined);
  if (isPlain && show === undefined) return tiles;
  return tiles.filter(
    (tile) => (show === undefined || SHOWN[show](tile)) && (isPlain || fits(tile, filter)),
  );
}

function fits(tile: Tile, { model, flag, state, mark }: TileFilter): boolean {
  if (model !== undefined && tile.model !== model) return false;
  if (state !== undefined && tile.state !== state) return false;
  if (mark !== undefined && (tile.mark ?? 'none') !== mark) return false;
  if (flag === ANY_FLAG) return tile.flags.length > 0;
  return flag === undefined || tile.flags.some((each) => each === flag);
}

export type TileCounts = Readonly<Record<ReviewFilter | 'all', number>>;

/** One look at all of them, after each key press. */
export function countTiles(tiles: readonly Tile[]): TileCounts {
  const counts = { all: tiles.length, kept: 0, rejected: 0, starred: 0, noted: 0, undecided: 0 };
  for (const { verdict, stars, has_note: hasNote } of tiles) {
    if (verdict === 'keep') counts.kept += 1;
    else if (verdict === 'reject') counts.rejected += 1;
    else counts.undecided += 1;
    if (stars > 0) counts.starred += 1;
    if (hasNote) counts.noted += 1;
  }
  return counts;
}
