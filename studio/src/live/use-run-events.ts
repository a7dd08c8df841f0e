/** A run as it happens: its progress lands in the query of the run; entries of its journal go to `onEntry`. */
import { useEffect, useEffectEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Run, WatchedRunEvent } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';
import { useIsVisible } from './use-is-visible.ts';

export type JournalEntry = Extract<WatchedRunEvent, { readonly event: 'journal' }>['data'];

export function useRunEvents(run: string, onEntry: (entry: JournalEntry) => void = () => {}): void {
  const queries = useQueryClient();
  const isVisible = useIsVisible();
  const tell = useEffectEvent(({ event, data }: WatchedRunEvent) => {
    if (event === 'journal') return onEntry(data);
    queries.setQueryData<Run>(['run', run], (known) => known && { ...known, ...data });
    if (event === 'end') void queries.invalidateQueries({ queryKey: ['run', run] });
  });
  useEffect(() => {
    if (!isVisible) return;
    const over = new AbortController();
    void (async () => {
      try {
        for await (const event of client.runs.events(run, { signal: over.signal })) tell(event);
      } catch {
        // Aborted, or the server is away: the offline banner says so.
      }
    })();
    return () => over.abort();
  }, [run, isVisible]);
}
