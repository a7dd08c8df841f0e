/** Tiles of a run: queries begin with ['tiles', run]. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Tile, TilesQuery } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';

export type { Tile };

/** Which items are shown. */
export type TileFilter = Pick<TilesQuery, 'state' | 'model' | 'flag' | 'review' | 'search'>;

/** `row`: rows of the sheet are counted, and come with their prompts. */
export type TilesBy = 'item' | 'row';

/** What one question brings: far-away parts are forgotten soon, so that a long run is never held whole. */
export const TILES_A_CHUNK = { item: 500, row: 100 } as const satisfies Record<TilesBy, number>;
const FORGET_AFTER_MS = 20_000;

export function tilesQuery(run: string, by: TilesBy, filter: TileFilter, chunk: number) {
  const limit = TILES_A_CHUNK[by];
  return queryOptions({
    queryKey: ['tiles', run, by, filter, chunk],
    gcTime: FORGET_AFTER_MS,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const prompts = by === 'row' ? ('true' as const) : ('false' as const);
      const query = { ...filter, by, prompts, offset: chunk * limit, limit };
      return (await client.tiles.list(run, query, { signal })).data;
    },
  });
}

/** How many there are, and of which models. */
export function tileCountQuery(run: string, by: TilesBy, filter: TileFilter) {
  return queryOptions({
    queryKey: ['tiles', run, by, filter, 'count'],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { total, models } = await client.tiles.list(
        run,
        { ...filter, by, limit: 1 },
        { signal },
      );
      return { total, models };
    },
  });
}

const MOST_NOT_DELIVERED = 2_000;

/** What ended badly, with its words. */
export function notDeliveredQuery(run: string) {
  return queryOptions({
    queryKey: ['tiles', run, 'not-delivered'],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      client.tiles.list(
        run,
        { state: 'refused,failed,unknown', prompts: 'true', limit: MOST_NOT_DELIVERED },
        { signal },
      ),
  });
}

/** The address of an item's picture, no smaller than `pixels` on its longest side. */
export function thumbnailUrl(run: string, { item, version }: Tile, pixels: number): string {
  return `/v1/runs/${run}/items/${item}/thumbnail?width=${Math.min(pixels, 1_280)}&version=${version}`;
}

export function imageUrl(run: string, item: string): string {
  return `/v1/runs/${run}/items/${item}/image`;
}

/** The server cuts there. */
const PROMPT_LENGTH = 120;

export function promptText({ prompt = '' }: Tile): string {
  return prompt.length < PROMPT_LENGTH ? prompt : `${prompt.trimEnd()}…`;
}
