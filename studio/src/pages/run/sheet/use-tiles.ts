/** The tiles in view, of as many as there are: parts come as they are scrolled to, and are forgotten behind. */
import { useCallback } from 'react';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import {
  type Tile,
  type TileFilter,
  TILES_A_CHUNK,
  type TilesBy,
  tilesQuery,
} from '../../../queries/tiles.ts';

export interface TilesInView {
  /** By place among all; undefined: it is being loaded. */
  readonly tileAt: (place: number) => Tile | undefined;
  /** All tiles of the row at this place among the rows. */
  readonly rowAt: (place: number) => readonly Tile[] | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

interface Wish {
  readonly run: string;
  readonly by: TilesBy;
  readonly filter: TileFilter;
  /** First and last place in view. */
  readonly first: number;
  readonly last: number;
}

export function useTiles({ run, by, filter, first, last }: Wish): TilesInView {
  const size = TILES_A_CHUNK[by];
  const chunks = chunksOf(first, last, size);
  const queries = useQueries({
    queries: chunks.map((chunk) => tilesQuery(run, by, filter, chunk)),
  });
  const dataOf = (place: number) => queries[Math.floor(place / size) - (chunks[0] ?? 0)]?.data;
  return {
    tileAt: (place) => dataOf(place)?.[place % size],
    rowAt: (place) => rowsOf(dataOf(place))?.[place % size],
    error: queries.find(({ error }) => error !== null)?.error ?? undefined,
    retry: () => queries.forEach((query) => query.error && void query.refetch()),
  };
}

function chunksOf(first: number, last: number, size: number): number[] {
  const from = Math.floor(Math.max(0, first) / size);
  const until = Math.floor(Math.max(0, last) / size);
  return Array.from({ length: until - from + 1 }, (_, at) => from + at);
}

const grouped = new WeakMap<readonly Tile[], (readonly Tile[])[]>();

/** A part of a table, once for each answer. */
function rowsOf(tiles: readonly Tile[] | undefined): (readonly Tile[])[] | undefined {
  if (tiles === undefined) return undefined;
  const known = grouped.get(tiles) ?? [...Map.groupBy(tiles, ({ row }) => row).values()];
  grouped.set(tiles, known);
  return known;
}

/** The tiles between two places, loaded where they are not there: for a range that is chosen. */
export function useTilesBetween(run: string, by: TilesBy, filter: TileFilter) {
  const queries = useQueryClient();
  const key = JSON.stringify(filter);
  return useCallback(
    async (from: number, until: number): Promise<readonly Tile[]> => {
      const size = TILES_A_CHUNK[by];
      const first = Math.min(from, until);
      const last = Math.max(from, until);
      const chunks = chunksOf(first, last, size);
      const wished = JSON.parse(key) as TileFilter;
      const found = await Promise.all(
        chunks.map((chunk) => queries.ensureQueryData(tilesQuery(run, by, wished, chunk))),
      );
      const start = (chunks[0] ?? 0) * size;
      if (by === 'item') return found.flat().slice(first - start, last - start + 1);
      return found
        .flatMap((each) => rowsOf(each) ?? [])
        .slice(first - start, last - start + 1)
        .flat();
    },
    [queries, run, by, key],
  );
}
