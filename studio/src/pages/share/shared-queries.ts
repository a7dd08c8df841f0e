/** A shared page as its visitor sees it: what is on it, and what they say. */
import {
  infiniteQueryOptions,
  type InfiniteData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type { NewMark, SharedItem, SharedPage } from '../../../../src/api/client/index.ts';
import { client } from '../../client.ts';

/** Behind the `#`, which no server is told. */
export function linkSecret(): string | undefined {
  return /^#(shr_[a-z0-9]+)$/.exec(location.hash)?.[1];
}

export function sharedQuery(share: string) {
  return queryOptions({
    queryKey: ['shared', share],
    queryFn: ({ signal }) => {
      const secret = linkSecret();
      // Without it, the cookie of an earlier visit may be good still.
      return secret === undefined
        ? client.shared.get(share, { signal })
        : client.shared.open(share, secret, { signal });
    },
    staleTime: 30_000,
  });
}

const ITEMS_AT_ONCE = 100;

export function sharedItemsQuery(share: string) {
  return infiniteQueryOptions({
    queryKey: ['shared', share, 'items'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.shared.items(
        share,
        { limit: ITEMS_AT_ONCE, ...(pageParam !== undefined && { after: pageParam }) },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 30_000,
  });
}

export function sharedPicture(share: string, item: string, what: 'image' | 'thumbnail'): string {
  const path = `/v1/shared/${encodeURIComponent(share)}/items/${item}/${what}`;
  return what === 'image' ? path : `${path}?width=360`;
}

interface Said extends NewMark {
  readonly item: string;
}

type Pages = InfiniteData<Awaited<ReturnType<typeof client.shared.items>>>;

/** Shown at once; taken back where the server does not take it. */
export function useMark(share: string) {
  const queries = useQueryClient();
  const page = sharedQuery(share).queryKey;
  const items = sharedItemsQuery(share).queryKey;
  return useMutation({
    mutationFn: ({ item, ...mark }: Said) => client.shared.mark(share, item, mark),
    onMutate: async (said) => {
      await queries.cancelQueries({ queryKey: page });
      const before = { page: queries.getQueryData(page), items: queries.getQueryData(items) };
      const old = before.items?.pages
        .flatMap(({ data }) => data)
        .find(({ item }) => item === said.item);
      queries.setQueryData(items, (known) => known && withMark(known, said));
      queries.setQueryData(page, (known) => known && counted(known, old, said));
      return before;
    },
    onError: (_error, _said, before) => {
      queries.setQueryData(page, before?.page);
      queries.setQueryData(items, before?.items);
    },
    // Others with the same link mark as well.
    onSettled: () => queries.invalidateQueries({ queryKey: page, exact: true }),
  });
}

function withMark(known: Pages, { item: marked, mark, note = null, name = null }: Said): Pages {
  const said =
    mark === null && note === null
      ? null
      : { mark, note, by: name, at: new Date(Date.now()).toISOString() };
  return {
    ...known,
    pages: known.pages.map((page) => ({
      ...page,
      data: page.data.map((item) => (item.item === marked ? { ...item, mark: said } : item)),
    })),
  };
}

function counted(known: SharedPage, old: SharedItem | undefined, { mark, note }: Said): SharedPage {
  const was = old?.mark;
  const change = (before: boolean, after: boolean) => Number(after) - Number(before);
  return {
    ...known,
    approved: known.approved + change(was?.mark === 'approve', mark === 'approve'),
    rejected: known.rejected + change(was?.mark === 'reject', mark === 'reject'),
    noted: known.noted + change((was?.note ?? null) !== null, (note ?? null) !== null),
  };
}
