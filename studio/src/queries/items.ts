/** Items of a run: queries begin with ['item', run]. */
import { queryOptions } from '@tanstack/react-query';
import { client } from '../client.ts';

export type ItemDetail = Awaited<ReturnType<typeof client.items.get>>;

export function itemQuery(run: string, item: string) {
  return queryOptions({
    queryKey: ['item', run, item],
    queryFn: ({ signal }) => client.items.get(run, item, { signal }),
  });
}
