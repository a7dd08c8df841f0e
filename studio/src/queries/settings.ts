/** What the settings show. No query here ever holds a secret: those are in the answers of mutations only. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { endpoint } from '../../../src/api/client/index.ts';
import type { listLedgerRoute } from '../../../src/api/routes/credits.ts';
import type { listDeliveriesRoute } from '../../../src/api/routes/webhooks.ts';
import { client } from '../client.ts';

export type Key = Awaited<ReturnType<typeof client.keys.get>>;
export type Workspace = Awaited<ReturnType<typeof client.workspaces.own>>;
export type Webhook = Awaited<ReturnType<typeof client.webhooks.get>>;

export function keysQuery(holder: 'person' | 'program') {
  return queryOptions({
    queryKey: ['keys', holder],
    queryFn: ({ signal }) => Array.fromAsync(client.keys.all({ holder, limit: 200 }, { signal })),
  });
}

export const ownWorkspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => client.workspaces.own({ signal }),
});

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: ({ signal }) => Array.fromAsync(client.workspaces.all({ signal })),
});

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async ({ signal }) => (await client.webhooks.list({ signal })).data,
});

const deliveries = endpoint<typeof listDeliveriesRoute>('get', '/v1/webhooks/{webhook}/deliveries');

export function deliveriesQuery(webhook: string) {
  return infiniteQueryOptions({
    queryKey: ['webhooks', webhook, 'deliveries'],
    // What is under way is answered within seconds; no event tells of it.
    refetchInterval: 3_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(
        deliveries,
        {
          params: { webhook },
          query: { limit: 20, ...(pageParam !== undefined && { after: pageParam }) },
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

const ledger = endpoint<typeof listLedgerRoute>('get', '/v1/ledger');

export interface LedgerFilter {
  readonly run?: string;
  readonly from?: string;
  readonly to?: string;
}

export function ledgerQuery(filter: LedgerFilter) {
  return infiniteQueryOptions({
    queryKey: ['credits', 'ledger', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(
        ledger,
        { query: { limit: 50, ...filter, ...(pageParam !== undefined && { after: pageParam }) } },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export const packsQuery = queryOptions({
  queryKey: ['packs'],
  staleTime: 300_000,
  queryFn: ({ signal }) => client.credits.packs({ signal }),
});
