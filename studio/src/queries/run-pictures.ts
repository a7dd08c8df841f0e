/** Delivered images of a run, all or by what a review said of them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ReviewFilter } from '../../../src/engine/core/review.ts';
import { client } from '../client.ts';

export function chosenItemsQuery(run: string, only: 'all' | 'selected' | ReviewFilter) {
  const review = only === 'all' || only === 'selected' ? undefined : only;
  return infiniteQueryOptions({
    queryKey: ['items', run, 'delivered', review],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.items.list(
        run,
        {
          state: 'delivered',
          limit: 100,
          ...(review && { review }),
          ...(pageParam !== undefined && { after: pageParam }),
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** How many images each filter of a review has. */
export function reviewCountsQuery(run: string) {
  return queryOptions({
    queryKey: ['reviews', run, 'summary'],
    queryFn: ({ signal }) => client.reviews.summary(run, { signal }),
  });
}
