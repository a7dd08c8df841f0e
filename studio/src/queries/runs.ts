/** Runs: queries begin with ['runs'] (lists) or ['run', id] (one of them). */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../client.ts';

export function runQuery(run: string) {
  return queryOptions({
    queryKey: ['run', run],
    queryFn: ({ signal }) => client.runs.get(run, { signal }),
  });
}

export interface RunsFilter {
  readonly search?: string;
  readonly state?: string;
}

export function runsQuery(filter: RunsFilter = {}) {
  return infiniteQueryOptions({
    queryKey: ['runs', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.runs.list(
        {
          limit: 50,
          ...(filter.search && { search: filter.search }),
          ...(filter.state && { state: filter.state }),
          ...(pageParam !== undefined && { after: pageParam }),
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
