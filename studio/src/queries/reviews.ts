/**
 * What is said of the images of a run. The images come once; what is said here, or heard from elsewhere, is kept
 * beside them, so that a key press changes the page at once and a list of 20,000 is not asked for again.
 */
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { type Answer, endpoint } from '../../../src/api/client/index.ts';
import type { listTilesRoute } from '../../../src/api/routes/tiles.ts';
import type { Verdict } from '../../../src/engine/core/review.ts';
import { client } from '../client.ts';

const list = endpoint<typeof listTilesRoute>('get', '/v1/runs/{run}/tiles');

export type Tile = Answer<typeof listTilesRoute>['data'][number];

/** The first part is soon there; the others are as large as the server gives them. */
const FIRST_PART = 200;
const PART = 2_000;

/** All images of a run that there are to be seen, part by part. */
export function reviewTilesQuery(run: string, search: string) {
  return infiniteQueryOptions({
    queryKey: ['reviews', run, 'tiles', search],
    initialPageParam: 0,
    queryFn: ({ pageParam: offset, signal }) =>
      client.call(
        list,
        {
          params: { run },
          query: {
            offset,
            limit: offset === 0 ? FIRST_PART : PART,
            state: 'delivered,failed',
            prompts: 'true',
            ...(search !== '' && { search }),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ offset, data, total }) => {
      const next = offset + data.length;
      return data.length > 0 && next < total ? next : undefined;
    },
  });
}

export function itemQuery(run: string, item: string | undefined) {
  return queryOptions({
    queryKey: ['reviews', run, 'item', item],
    enabled: item !== undefined,
    queryFn: ({ signal }) => client.items.get(run, item ?? '', { signal }),
  });
}

/** The newest word on an image, newer than its tile. */
export interface Said {
  readonly verdict: Verdict | null;
  readonly stars: number;
  readonly has_note: boolean;
  /** By the server's clock, of the last that is known to be written. */
  readonly at: number;
  /** Sendings under way: what is heard meanwhile is older. */
  readonly pending: number;
}

export type SaidOf = ReadonlyMap<string, Said>;
const NOTHING: SaidOf = new Map();

/** Never asked for: it is written by what is said and heard. */
export function saidQuery(run: string) {
  return queryOptions<SaidOf>({
    queryKey: ['reviews', run, 'said'],
    enabled: false,
    initialData: NOTHING,
    staleTime: Infinity,
    gcTime: Infinity,
  });
}

export function writeSaid(
  queries: QueryClient,
  run: string,
  words: Iterable<[string, Said]>,
): void {
  const { queryKey } = saidQuery(run);
  queries.setQueryData(queryKey, (known = NOTHING) => new Map([...known, ...words]));
}

export function readSaid(queries: QueryClient, run: string): SaidOf {
  return queries.getQueryData(saidQuery(run).queryKey) ?? NOTHING;
}

/** As the event `run.reviewed` tells it; without `reviews` they are too many. */
export interface ReviewsHeard {
  readonly run: string;
  readonly reviews?: readonly {
    readonly item: string;
    readonly verdict: Verdict | null;
    readonly stars: number;
    readonly has_note: boolean;
    readonly at: string;
  }[];
}

export function hearReviews(queries: QueryClient, { run, reviews }: ReviewsHeard): void {
  void queries.invalidateQueries({ queryKey: ['tiles', run] });
  if (reviews === undefined) return void lookAnew(queries, run);
  const said = readSaid(queries, run);
  const news = reviews.flatMap(({ item, at, ...words }): [string, Said][] => {
    const known = said.get(item);
    const heardAt = Date.parse(at);
    if (known !== undefined && (known.pending > 0 || known.at >= heardAt)) return [];
    return [[item, { ...words, at: heardAt, pending: 0 }]];
  });
  if (news.length === 0) return;
  writeSaid(queries, run, news);
  for (const [item] of news) {
    void queries.invalidateQueries({ queryKey: ['reviews', run, 'item', item] });
  }
}

/** The images again, whole; what was said before is among them then. */
async function lookAnew(queries: QueryClient, run: string): Promise<void> {
  await queries.invalidateQueries({ queryKey: ['reviews', run] });
  const waiting = [...readSaid(queries, run)].filter(([, { pending }]) => pending > 0);
  queries.setQueryData(saidQuery(run).queryKey, new Map(waiting));
}
