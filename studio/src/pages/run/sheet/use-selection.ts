/** Which items are chosen, whatever is in view. */
import { useCallback, useMemo, useState } from 'react';
import type { Tile } from '../../../queries/tiles.ts';

export interface Selection {
  readonly tiles: ReadonlyMap<string, Tile>;
  readonly toggle: (tile: Tile) => void;
  readonly add: (tiles: readonly Tile[]) => void;
  readonly clear: () => void;
}

export function useSelection(): Selection {
  const [tiles, setTiles] = useState<ReadonlyMap<string, Tile>>(new Map());
  const toggle = useCallback((tile: Tile) => {
    setTiles((known) => {
      const next = new Map(known);
      if (!next.delete(tile.item)) next.set(tile.item, tile);
      return next;
    });
  }, []);
  const add = useCallback((more: readonly Tile[]) => {
    setTiles((known) => new Map([...known, ...more.map((tile) => [tile.item, tile] as const)]));
  }, []);
  const clear = useCallback(() => setTiles(new Map()), []);
  return useMemo(() => ({ tiles, toggle, add, clear }), [tiles, toggle, add, clear]);
}
