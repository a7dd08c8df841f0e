/** What a sheet would do and cost, asked for as it changes; and the models that it can be made with. */
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SheetUpload } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';
import { withSentSheet } from '../live/sheet-upload.ts';
import { useSettled } from '../parts/use-settled.ts';

export type Plan = Awaited<ReturnType<typeof client.runs.planSheet>>;
export type Model = Awaited<ReturnType<typeof client.models.get>>;

/** With what a size and quality cost. */
export function pricedModelsQuery(size: string, quality: 'low' | 'medium' | 'high') {
  return queryOptions({
    queryKey: ['models', { size, quality }],
    staleTime: 300_000,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => Array.fromAsync(client.models.all({ size, quality }, { signal })),
  });
}

/** The plan of an order: while another is made, the last one stays and `isPlaceholderData` is told. */
export function usePlan(order: SheetUpload | undefined) {
  const settled = useSettled(order);
  const isTyping = settled !== order;
  const query = useQuery({
    queryKey: ['plan', keyOf(settled)],
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 30_000,
    retry: false,
    queryFn: async ({ signal }) =>
      client.runs.planSheet(await withSentSheet(settled!, signal), { signal }),
  });
  const isOutdated = isTyping || query.isFetching || query.isPlaceholderData;
  // What is wrong stays as well until it is known to be right.
  const [told, setTold] = useState<Error | null>(null);
  if (!isOutdated && told !== query.error) setTold(query.error);
  return { ...query, error: isOutdated ? told : query.error, isOutdated };
}

/** Orders are large: each object has a number of its own instead. */
const numbers = new WeakMap<SheetUpload, number>();
let last = 0;

function keyOf(order: SheetUpload | undefined): number {
  if (order === undefined) return 0;
  const known = numbers.get(order);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(order, last);
  return last;
}
