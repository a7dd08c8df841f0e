/** How the workspace stands: keys begin with ['dashboard']. */
import { queryOptions } from '@tanstack/react-query';
import type { DashboardAnswer } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';

export type { DashboardAnswer, DetailAnswer } from '../../../src/api/client/index.ts';

/** While something is made its figures move; what returns to the hour returns with time alone. */
const WHILE_WORKING_MS = 2_000;
const AT_REST_MS = 20_000;

export const TIME_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function dashboardQuery(days: number) {
  return queryOptions<DashboardAnswer>({
    queryKey: ['dashboard', days],
    // Of the time that was looked at before: nothing jumps.
    placeholderData: (before) => before,
    refetchInterval: ({ state }) =>
      (state.data?.runs.working.length ?? 0) > 0 ? WHILE_WORKING_MS : AT_REST_MS,
    queryFn: ({ signal }) => client.dashboard.get({ days, time_zone: TIME_ZONE }, { signal }),
  });
}

export const detailQuery = queryOptions({
  queryKey: ['dashboard', 'detail'],
  staleTime: 60_000,
  queryFn: ({ signal }) => client.dashboard.detail({ signal }),
});

export const packsQuery = queryOptions({
  queryKey: ['packs'],
  staleTime: 300_000,
  queryFn: ({ signal }) => client.credits.packs({ signal }),
});
