/** The images of a run as they are reviewed: all of them, with the newest word on each. */
import { useEffect, useMemo } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { reviewTilesQuery, saidQuery, type SaidOf, type Tile } from '../../queries/reviews.ts';
import { runQuery } from '../../queries/runs.ts';

/** New images of a run that is at work are looked for; of a large one less often. */
const LOOK_EVERY_MS = 4_000;
const LOOK_SELDOM_MS = 30_000;
const LARGE = 2_000;

export function useTiles(run: string, search: string) {
  const { data: known } = useQuery(runQuery(run));
  const isAtWork = known !== undefined && ['running', 'planned'].includes(known.state);
  const query = useInfiniteQuery({
    ...reviewTilesQuery(run, search),
    refetchInterval: ({ state }) => {
      if (!isAtWork) return false;
      return (state.data?.pages[0]?.total ?? 0) > LARGE ? LOOK_SELDOM_MS : LOOK_EVERY_MS;
    },
  });
  const { data, hasNextPage, isFetching, fetchNextPage, isError } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const { data: said } = useQuery(saidQuery(run));
  const seen = useMemo(() => withPictures(data?.pages ?? []), [data]);
  const tiles = useMemo(() => withWords(seen, said), [seen, said]);
  return {
    tiles,
    models: data?.pages[0]?.models ?? [],
    isComplete: data !== undefined && !hasNextPage,
    isPending: query.isPending,
    error: data === undefined ? query.error : null,
    refetch: query.refetch,
  };
}

/** Parts of a run that is at work may overlap: an image that is there twice is taken once. */
function withPictures(pages: readonly { readonly data: readonly Tile[] }[]): readonly Tile[] {
  const byItem = new Map<string, Tile>();
  for (const { data } of pages) {
    for (const tile of data) if (tile.version !== null) byItem.set(tile.item, tile);
  }
  return [...byItem.values()].toSorted(
    (one, other) => one.row - other.row || one.index - other.index,
  );
}

function withWords(tiles: readonly Tile[], said: SaidOf): readonly Tile[] {
  if (said.size === 0) return tiles;
  return tiles.map((tile) => {
    const words = said.get(tile.item);
    if (words === undefined) return tile;
    const { verdict, stars, has_note } = words;
    return { ...tile, verdict, stars, has_note };
  });
}
