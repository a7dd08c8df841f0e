/**
 * Keeps the pages true: what happens in the workspace, in this tab or anywhere else, makes the queries that
 * show it ask again. A hidden tab gives its connection back: browsers have six for a host, for all tabs.
 */
import { useEffect } from 'react';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { client } from '../client.ts';
import { hearReviews, type ReviewsHeard } from '../queries/reviews.ts';
import { useIsVisible } from './use-is-visible.ts';

export function useWorkspaceEvents(): void {
  const queries = useQueryClient();
  const isVisible = useIsVisible();
  useEffect(() => {
    if (!isVisible) return;
    const over = new AbortController();
    void watch(queries, over.signal);
    return () => over.abort();
  }, [queries, isVisible]);
}

async function watch(queries: QueryClient, signal: AbortSignal): Promise<void> {
  // What happened while nobody listened.
  void queries.invalidateQueries({ refetchType: 'active' });
  try {
    for await (const { event, data } of client.events.watch({ signal })) {
      if (event !== 'event') continue;
      tell(queries, data.type, data.data as { readonly run?: string });
    }
  } catch {
    // Aborted, or the server is away: the offline banner says so, and its return begins anew.
  }
}

function tell(queries: QueryClient, type: string, data: { readonly run?: string }): void {
  if (type === 'run.reviewed') return hearReviews(queries, data as ReviewsHeard);
  const { run } = data;
  const [about] = type.split('.');
  if (about === 'run') {
    void queries.invalidateQueries({ queryKey: ['runs'] });
    if (run !== undefined) void queries.invalidateQueries({ queryKey: ['run', run] });
  }
  if (about === 'job') void queries.invalidateQueries({ queryKey: ['jobs'] });
  if (about === 'credits' || about === 'run') {
    void queries.invalidateQueries({ queryKey: ['credits'] });
    void queries.invalidateQueries({ queryKey: ['dashboard'] });
  }
}
