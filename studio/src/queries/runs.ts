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

export type RunSummary = Awaited<ReturnType<typeof client.runs.list>>['data'][number];

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

const JOURNAL_PAGE = 200;

/** A run's journal before and with `head`, the newest first. */
export function journalQuery(run: string, head: number) {
  return infiniteQueryOptions({
    queryKey: ['journal', run, head],
    staleTime: Infinity,
    initialPageParam: head,
    queryFn: async ({ pageParam, signal }) => {
      const after = Math.max(0, pageParam - JOURNAL_PAGE);
      const query = { limit: Math.max(1, pageParam - after), after: String(after) };
      const page = await client.runs.journalPage(run, query, { signal });
      return page.data.toReversed();
    },
    getNextPageParam: (_page, _pages, until) =>
      until > JOURNAL_PAGE ? until - JOURNAL_PAGE : undefined,
  });
}

const LOOK_EVERY_MS = 1_000;

/** Archives and data sets that were made of a run. */
export function exportsQuery(run: string) {
  return queryOptions({
    queryKey: ['exports', run],
    queryFn: async ({ signal }) => (await client.results.exports(run, { signal })).data,
    refetchInterval: ({ state }) =>
      state.data?.some((each) => each.state === 'working') === true ? LOOK_EVERY_MS : false,
  });
}
