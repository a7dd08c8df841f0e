/** All runs of the workspace, the newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Page } from '../../parts/page.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { RunStateChip } from '../../parts/run-state-chip.tsx';
import { agoText } from '../../parts/time.ts';
import { runsQuery } from '../../queries/runs.ts';

export function RunsPage() {
  const { data, error, isPending, refetch } = useInfiniteQuery(runsQuery());
  if (isPending) return <PageSkeleton />;
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  const runs = data.pages.flatMap((page) => page.data);
  return (
    <Page title="Runs">
      {runs.length === 0 ? (
        <EmptyPanel title="No runs yet" detail="A run makes the images of one sheet of prompts.">
          <Link to="/generate" className="text-link underline">
            Make the first one
          </Link>
        </EmptyPanel>
      ) : (
        <ul className="divide-y divide-separator">
          {runs.map(({ run, title, state, created_at: createdAt }) => (
            <li key={run} className="flex items-center gap-3 py-2">
              <Link to="/runs/$run" params={{ run }} className="truncate font-medium">
                {title}
              </Link>
              <RunStateChip state={state} />
              <span className="ml-auto text-sm text-muted">{agoText(createdAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
