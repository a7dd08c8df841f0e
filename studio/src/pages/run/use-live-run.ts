/** What of a run's page changes while the run works: tiles in view, the journal's end, and the pace. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { type JournalEntry, useRunEvents } from '../../live/use-run-events.ts';

/** Tiles in view are asked for again at most so often. */
const LOOK_EVERY_MS = 800;
/** Entries that came while the page was open. */
const MOST_ENTRIES = 2_000;
/** The pace is that of the last minutes. */
const PACE_OF_MS = 180_000;

export interface LiveRun {
  /** The newest first. */
  readonly entries: readonly JournalEntry[];
  /** The newest entry when the page was opened; undefined: not known yet. */
  readonly head: number | undefined;
  /** Images a minute; undefined: too little was seen. */
  readonly pace: number | undefined;
}

export function useLiveRun(run: string): LiveRun {
  const [entries, setEntries] = useState<readonly JournalEntry[]>([]);
  const [head, setHead] = useState<number>();
  const waiting = useRef<JournalEntry[]>([]);
  const refresh = useThrottled(
    useRefresh(run, () => {
      const news = waiting.current.splice(0).reverse();
      if (news.length > 0) setEntries((known) => [...news, ...known].slice(0, MOST_ENTRIES));
    }),
  );
  useRunEvents(run, {
    onEntry: (entry) => {
      waiting.current.push(entry);
      refresh();
    },
    onProgress: refresh,
    onHead: (sequence) => setHead((known) => known ?? sequence),
  });
  return { entries, head, pace: paceOf(entries) };
}

function useRefresh(run: string, flush: () => void): () => void {
  const queries = useQueryClient();
  return () => {
    flush();
    void queries.invalidateQueries({ queryKey: ['tiles', run] });
    void queries.invalidateQueries({ queryKey: ['item', run] });
  };
}

/** Now, and then at most once in a while; the last call is never lost. */
function useThrottled(act: () => void): () => void {
  const latest = useRef(act);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, LOOK_EVERY_MS);
  }, []);
}

function paceOf(entries: readonly JournalEntry[]): number | undefined {
  const newest = entries[0];
  if (newest === undefined) return undefined;
  const end = Date.parse(newest.at);
  const recent = entries.filter(
    ({ type, at }) => type === 'attempt-settled' && end - Date.parse(at) < PACE_OF_MS,
  );
  const oldest = recent.at(-1);
  if (oldest === undefined || recent.length < 3) return undefined;
  const minutes = (end - Date.parse(oldest.at)) / 60_000;
  const images = recent
    .slice(0, -1)
    .reduce((sum, { data }) => sum + Number(data['delivered'] ?? 0), 0);
  return minutes > 0 ? images / minutes : undefined;
}
