/** Pages for a client's approval, as the workspace sees them. */
import { queryOptions } from '@tanstack/react-query';
import { client } from '../client.ts';

/** Begins like the run's reviews: what a client says makes both ask again. */
export function sharesQuery(run: string) {
  return queryOptions({
    queryKey: ['shares', run],
    queryFn: async ({ signal }) => (await client.shares.list(run, { signal })).data,
    // Marks come from people without a key, at any time.
    refetchInterval: 15_000,
  });
}
