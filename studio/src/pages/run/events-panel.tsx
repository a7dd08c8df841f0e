/** What happened in a run, the newest first. */
import { useRef, useState } from 'react';
import { Button, Skeleton, Switch } from '@heroui/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { JournalEntry } from '../../live/use-run-events.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { journalQuery } from '../../queries/runs.ts';
import { eventText, isNotable } from './event-words.ts';
import type { LiveRun } from './use-live-run.ts';

interface EventsPanelProps {
  readonly run: string;
  readonly live: LiveRun;
}

const ROW_HEIGHT = 34;

export function EventsPanel({ run, live: { head, entries: news } }: EventsPanelProps) {
  const [isShort, setIsShort] = useState(true);
  const older = useInfiniteQuery({
    ...journalQuery(run, head ?? 0),
    enabled: head !== undefined,
  });
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = older;
  if (error) return <ErrorPanel error={error} onRetry={() => void older.refetch()} />;
  if (isPending) return <Skeleton className="h-64 w-full rounded-md" />;
  const all = [...news.filter(({ sequence }) => sequence > (head ?? 0)), ...data.pages.flat()];
  const shown = isShort ? all.filter(isNotable) : all;
  return (
    <div className="flex flex-col gap-3">
      <Switch isSelected={!isShort} onChange={(isAll) => setIsShort(!isAll)}>
        <Switch.Content>
          <Switch.Control>
            <Switch.Thumb />
          </Switch.Control>
          Each sending as well
        </Switch.Content>
      </Switch>
      {shown.length === 0 ? (
        <EmptyPanel
          title="Nothing to tell yet"
          detail="What happens in the run is written down here."
        />
      ) : (
        <EventList entries={shown} />
      )}
      {hasNextPage && (
        <Button
          className="self-start"
          variant="secondary"
          size="sm"
          isPending={isFetchingNextPage}
          onPress={() => void fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </div>
  );
}

function EventList({ entries }: { readonly entries: readonly JournalEntry[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    getItemKey: (at) => entries[at]?.sequence ?? at,
  });
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Events"
      className="max-h-[65dvh] overflow-auto rounded-md border border-separator bg-surface text-sm outline-focus focus-visible:outline-2"
    >
      <ol className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => (
          <li
            key={key}
            aria-posinset={index + 1}
            aria-setsize={entries.length}
            className="absolute inset-x-0 flex items-center gap-3 border-b border-separator px-3"
            style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}
          >
            <EventLine entry={entries[index]!} />
          </li>
        ))}
      </ol>
    </div>
  );
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

function EventLine({ entry }: { readonly entry: JournalEntry }) {
  const { at, data } = entry;
  return (
    <>
      <time dateTime={at} className="shrink-0 text-xs text-muted tabular-nums">
        {CLOCK.format(new Date(at))}
      </time>
      <span className="min-w-0 truncate" title={eventText(entry)}>
        {eventText(entry)}
      </span>
      {typeof data['request'] === 'string' && (
        <span className="ml-auto hidden shrink-0 font-mono text-xs text-muted md:inline">
          {data['request'].slice(0, 12)}
        </span>
      )}
    </>
  );
}
