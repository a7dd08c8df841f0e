/** A run as it happens: its progress lands in the query of the run; entries of its journal go to `onEntry`. */
import { useEffect, useEffectEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Run, WatchedRunEvent } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';
import { useIsVisible } from './use-is-visible.ts';

type WatchedEntry = Extract<WatchedRunEvent, { readonly event: 'journal' }>['data'];
/** Of the stream, or of a page of the journal. */
export type JournalEntry = Omit<WatchedEntry, 'type'> & { readonly type: string };

export interface RunWatch {
  readonly onEntry?: (entry: JournalEntry) => void;
  /** Something else is so than before: how many are delivered, what is spent. */
  readonly onProgress?: () => void;
  /** The newest entry of the journal when the watching began. */
  readonly onHead?: (sequence: number) => void;
}

export function useRunEvents(run: string, watch: RunWatch = {}): void {
  const queries = useQueryClient();
  const isVisible = useIsVisible();
  const tell = useEffectEvent(({ event, data, id }: WatchedRunEvent) => {
    if (event === 'journal') return watch.onEntry?.(data);
    queries.setQueryData<Run>(['run', run], (known) => known && { ...known, ...data });
    if (event === 'snapshot' && id !== undefined) watch.onHead?.(Number.parseInt(id, 10));
    watch.onProgress?.();
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
