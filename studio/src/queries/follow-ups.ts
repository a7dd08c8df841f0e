/** What making some images again would cost. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FollowUpOrder } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';

export function followUpPlanQuery(run: string, order: FollowUpOrder) {
  return queryOptions({
    queryKey: ['follow-up-plan', run, order],
    queryFn: ({ signal }) => client.followUps.plan(run, order, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  });
}

export function followedItemQuery(run: string, item: string) {
  return queryOptions({
    queryKey: ['items', run, item],
    queryFn: ({ signal }) => client.items.get(run, item, { signal }),
  });
}
