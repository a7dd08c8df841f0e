/** One run: how far it is, its images as they come, and what may be done. */
import { Tabs } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Run } from '../../../../src/api/client/index.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { runQuery } from '../../queries/runs.ts';
import { EventsPanel } from './events-panel.tsx';
import { FailuresPanel } from './failures-panel.tsx';
import { ItemDrawer } from './item/item-drawer.tsx';
import { LanesPanel } from './lanes-panel.tsx';
import { ResultsPanel } from './results-panel.tsx';
import { RunHeader } from './run-header.tsx';
import { RunProgress } from './run-progress.tsx';
import { RUN_TABS, type RunTab, useRunSearch } from './run-search.ts';
import { RunWaits } from './run-waits.tsx';
import { ContactSheet } from './sheet/contact-sheet.tsx';
import { type LiveRun, useLiveRun } from './use-live-run.ts';

export function RunPage() {
  const { run } = useParams({ strict: false });
  return <RunOf key={run} run={run ?? ''} />;
}

function RunOf({ run }: { readonly run: string }) {
  const { data, error, isPending, refetch } = useQuery(runQuery(run));
  const live = useLiveRun(run);
  if (isPending) return <PageSkeleton />;
  if (data === undefined) {
    return (
      <div className="mx-auto max-w-3xl p-8">
        <h1 className="mb-4 text-xl font-semibold tracking-tight">Run</h1>
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return (
    <div className="px-4 py-5 sm:px-6 lg:px-8">
      <RunHeader run={data} />
      <RunWaits run={data} />
      <RunProgress run={data} pace={live.pace} />
      <RunParts run={data} live={live} />
      <ItemDrawer run={data} />
    </div>
  );
}

const TITLES: Readonly<Record<RunTab, string>> = {
  images: 'Images',
  problems: 'Problems',
  lanes: 'Lanes',
  events: 'Events',
  results: 'Results',
};

function RunParts({ run, live }: { readonly run: Run; readonly live: LiveRun }) {
  const [search, change] = useRunSearch();
  const tab = search.tab ?? 'images';
  const problems = run.items.failed + run.items.refused + run.items.unknown;
  return (
    <Tabs
      selectedKey={tab}
      onSelectionChange={(key) => change({ tab: RUN_TABS.find((each) => each === key) })}
      variant="secondary"
    >
      <Tabs.ListContainer>
        <Tabs.List aria-label="Parts of the run">
          {RUN_TABS.map((id) => (
            <Tabs.Tab key={id} id={id} className="whitespace-nowrap">
              {TITLES[id]}
              {id === 'problems' && problems > 0 && ` (${problems.toLocaleString('en-US')})`}
              <Tabs.Indicator />
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs.ListContainer>
      {RUN_TABS.map((id) => (
        <Tabs.Panel key={id} id={id} className="px-0 pt-4">
          {id === 'images' && <ContactSheet run={run} />}
          {id === 'problems' && <FailuresPanel run={run} />}
          {id === 'lanes' && <LanesPanel run={run} />}
          {id === 'events' && <EventsPanel run={run.run} live={live} />}
          {id === 'results' && <ResultsPanel run={run} />}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
