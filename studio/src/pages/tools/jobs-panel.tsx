/** Jobs of the workspace: those that are worked on first, each with its results when it is opened. */
import { Button, Skeleton } from '@heroui/react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { endedJobsQuery, openJobsQuery } from '../../queries/jobs.ts';
import { JobRow } from './job-row.tsx';
import { useShownJobs } from './use-shown-jobs.ts';

export function JobsPanel({ opened }: { readonly opened: string | undefined }) {
  const open = useQuery(openJobsQuery);
  const ended = useInfiniteQuery(endedJobsQuery);
  const jobs = useShownJobs(open.data, ended.data?.pages);
  const error = open.error ?? ended.error;
  const retry = () => void Promise.all([open.refetch(), ended.refetch()]);
  return (
    <section aria-labelledby="jobs" className="mt-10">
      <h2 id="jobs" className="mb-3 font-medium">
        Jobs
      </h2>
      {error && <ErrorPanel error={error} onRetry={retry} />}
      {!error && (open.isPending || ended.isPending) && (
        <div role="status" aria-label="Loading jobs" className="flex flex-col gap-2">
          <Skeleton className="h-14 rounded-md" />
          <Skeleton className="h-14 rounded-md" />
        </div>
      )}
      {open.data && ended.data && jobs.length === 0 && (
        <EmptyPanel
          title="No jobs yet"
          detail="Jobs work in the background, for nothing. Their files stay here, to be downloaded one by one or as a ZIP."
        />
      )}
      <ul className="divide-y divide-separator">
        {jobs.map((job) => (
          <JobRow key={job.job} job={job} isOpened={job.job === opened} />
        ))}
      </ul>
      {ended.hasNextPage && (
        <Button
          variant="secondary"
          size="sm"
          className="mt-3"
          isPending={ended.isFetchingNextPage}
          onPress={() => void ended.fetchNextPage()}
        >
          Show older jobs
        </Button>
      )}
    </section>
  );
}
