/** A run's items as a contact sheet needs them. */
import type { listTilesRoute } from '../routes/tiles.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint, type QueryInputOf } from './endpoint.ts';

export type TilesQuery = NonNullable<QueryInputOf<typeof listTilesRoute>>;
export type TilesAnswer = Answer<typeof listTilesRoute>;
export type Tile = TilesAnswer['data'][number];

export function tilesOf(caller: Caller) {
  return {
    /** A part of them by its place, in the order of the sheet. */
    list: (run: string, query?: TilesQuery, options?: CallOptions) =>
      caller.call(
        endpoint<typeof listTilesRoute>('get', '/v1/runs/{run}/tiles'),
        { params: { run }, query },
        options,
      ),
  };
}
