/** Credits, limits and models: what the shell and most pages show. */
import { queryOptions } from '@tanstack/react-query';
import { client } from '../client.ts';

export const creditsQuery = queryOptions({
  queryKey: ['credits'],
  queryFn: ({ signal }) => client.credits.get({}, { signal }),
});

export const limitsQuery = queryOptions({
  queryKey: ['limits'],
  // What is used returns with time, of which no event tells.
  refetchInterval: 15_000,
  queryFn: async ({ signal }) => Array.fromAsync(client.limits.all({}, { signal })),
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  staleTime: 300_000,
  queryFn: async ({ signal }) => Array.fromAsync(client.models.all({}, { signal })),
});
