/** All runs of the workspace, the newest first. */
import { useEffect, useRef, useState } from 'react';
import { Button, ListBox, SearchField, Select } from '@heroui/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RUN_STATES } from '../../../../src/engine/core/run.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Page } from '../../parts/page.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { runsQuery } from '../../queries/runs.ts';
import { RunRow } from './run-row.tsx';

const ALL = 'all';

export function RunsPage() {
  const [search, setSearch] = useState('');
  const [state, setState] = useState<string>();
  const filter = { search: useSettled(search), ...(state !== undefined && { state }) };
  const isFiltered = filter.search !== '' || state !== undefined;
  return (
    <Page title="Runs" actions={<NewRun />}>
      <div className="mb-4 flex flex-wrap gap-2">
        <SearchField
          aria-label="Search in titles"
          value={search}
          onChange={setSearch}
          className="w-full sm:w-72"
        >
          <SearchField.Group>
            <SearchField.SearchIcon />
            <SearchField.Input placeholder="Search in titles" maxLength={200} />
            <SearchField.ClearButton />
          </SearchField.Group>
        </SearchField>
        <StateChoice value={state} onChange={setState} />
      </div>
      <RunList
        filter={filter}
        isFiltered={isFiltered}
        onClear={() => {
          setSearch('');
          setState(undefined);
        }}
      />
    </Page>
  );
}

function NewRun() {
  return (
    <Link to="/generate" className="button button--primary">
      New run
    </Link>
  );
}

interface RunListProps {
  readonly filter: Parameters<typeof runsQuery>[0];
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

function RunList({ filter, isFiltered, onClear }: RunListProps) {
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(runsQuery(filter));
  if (isPending) return <PageSkeleton />;
  if (data === undefined) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  const runs = data.pages.flatMap((page) => page.data);
  if (runs.length === 0) return <Nothing isFiltered={isFiltered} onClear={onClear} />;
  return (
    <>
      <ul
        aria-label="Runs"
        className="divide-y divide-separator rounded-lg border border-separator bg-surface"
      >
        {runs.map((run) => (
          <RunRow key={run.run} run={run} />
        ))}
      </ul>
      {more.hasNextPage && (
        <More isLoading={more.isFetchingNextPage} onWanted={() => void more.fetchNextPage()} />
      )}
    </>
  );
}

/** Comes by itself when it is scrolled to, and by a press. */
function More({
  isLoading,
  onWanted,
}: {
  readonly isLoading: boolean;
  readonly onWanted: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isLoading || box.current === null) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onWanted());
    observer.observe(box.current);
    return () => observer.disconnect();
  });
  return (
    <div ref={box} className="mt-4 flex justify-center">
      <Button variant="secondary" isPending={isLoading} onPress={onWanted}>
        Show earlier runs
      </Button>
    </div>
  );
}

function Nothing({ isFiltered, onClear }: Pick<RunListProps, 'isFiltered' | 'onClear'>) {
  if (isFiltered) {
    return (
      <EmptyPanel title="No run is like this" detail="Look for another title, or in every state.">
        <Button variant="secondary" onPress={onClear}>
          Show all runs
        </Button>
      </EmptyPanel>
    );
  }
  return (
    <EmptyPanel title="No runs yet" detail="A run makes the images of one sheet of prompts.">
      <Link to="/generate" className="text-link underline">
        Make the first one
      </Link>
    </EmptyPanel>
  );
}

function StateChoice({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (state: string | undefined) => void;
}) {
  const words = (state: string) => state.replaceAll('_', ' ');
  return (
    <Select
      aria-label="State"
      value={value ?? ALL}
      onChange={(key) => onChange(key === null || key === ALL ? undefined : String(key))}
    >
      <Select.Trigger className="min-w-40">
        <Select.Value>{() => (value === undefined ? 'Every state' : words(value))}</Select.Value>
        <Select.Indicator />
      </Select.Trigger>
      <Select.Popover>
        <ListBox>
          {[ALL, ...RUN_STATES].map((id) => (
            <ListBox.Item key={id} id={id} textValue={words(id)}>
              {id === ALL ? 'Every state' : words(id)}
              <ListBox.ItemIndicator />
            </ListBox.Item>
          ))}
        </ListBox>
      </Select.Popover>
    </Select>
  );
}
