/** Which image one looks at, and the ways to others among those that are shown. */
import { useMemo, useState } from 'react';
import type { Tile } from '../../queries/reviews.ts';

export interface Place {
  readonly current: Tile | undefined;
  /** Its place among those that are shown, from 0; where it would be, when a filter hides it. */
  readonly at: number;
  readonly shown: readonly Tile[];
  readonly go: (item: string) => void;
  /** That many on, or back. False: there are none. */
  readonly step: (by: number) => boolean;
  readonly toUndecided: () => boolean;
}

/** `first`: where to begin, as the address says. */
export function usePlace(
  tiles: readonly Tile[],
  shown: readonly Tile[],
  first: string | undefined,
): Place {
  const [chosen, setChosen] = useState(first);
  const ordinals = useMemo(() => new Map(tiles.map(({ item }, at) => [item, at])), [tiles]);
  const ordinal = chosen === undefined ? undefined : ordinals.get(chosen);
  const begin = shown.find(({ verdict }) => verdict === null) ?? shown[0];
  const current = ordinal === undefined ? begin : tiles[ordinal];
  const own = current === undefined ? 0 : (ordinals.get(current.item) ?? 0);
  const at = firstFrom(shown, own, ordinals);
  const isShown = shown[at]?.item === current?.item;

  const goTo = (tile: Tile | undefined) => {
    if (tile === undefined) return false;
    setChosen(tile.item);
    return true;
  };
  return {
    current,
    at,
    shown,
    go: setChosen,
    // What a filter hides has no place of its own: the next is where it would be.
    step: (by) => goTo(shown[by > 0 && !isShown ? at + by - 1 : at + by]),
    toUndecided: () => {
      const after = shown.findIndex(
        (each, place) => place > at - (isShown ? 0 : 1) && isOpen(each),
      );
      return goTo(
        after === -1 ? shown.find((each) => isOpen(each) && each !== current) : shown[after],
      );
    },
  };
}

function isOpen({ verdict }: Tile): boolean {
  return verdict === null;
}

/** The place of the first image at or after an ordinal; by halving, since there may be very many. */
function firstFrom(
  shown: readonly Tile[],
  ordinal: number,
  ordinals: ReadonlyMap<string, number>,
): number {
  let [low, high] = [0, shown.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordinals.get(shown[middle]!.item) ?? 0) < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}
