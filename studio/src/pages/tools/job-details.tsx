/** What came of a job: files that could not be worked on, and the new ones; of a check what it found. */
import { useState } from 'react';
import { Alert, Button, Skeleton } from '@heroui/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { type Job, jobFilesQuery, jobFindingsQuery } from '../../queries/jobs.ts';
import { OneOf } from './fields.tsx';
import { FindingsTable } from './findings-table.tsx';
import { FileTable, FileTiles } from './job-files.tsx';
import { isOpen } from './job-words.ts';

export function JobDetails({ job }: { readonly job: Job }) {
  return (
    <div className="flex flex-col gap-4 px-2 pt-3 pb-4">
      {job.pictures.failed > 0 && <Failures job={job} />}
      {job.kind === 'check' ? <Findings job={job} /> : <Files job={job} />}
    </div>
  );
}

function Failures({ job }: { readonly job: Job }) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    jobFilesQuery(job.job, 'failed', job.pictures.failed),
  );
  const files = data?.pages.flatMap((page) => page.data) ?? [];
  if (files.length === 0) return null;
  return (
    <Alert status="danger">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>
          {job.pictures.failed.toLocaleString('en-US')} could not be worked on
        </Alert.Title>
        <Alert.Description>
          <ul className="max-h-60 overflow-auto" tabIndex={0} aria-label="Files that failed">
            {files.map(({ number, source, reason }) => (
              <li key={number} className="break-words">
                <span className="font-medium">{source}</span>: {reason}
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <Button
              size="sm"
              variant="secondary"
              className="mt-2"
              isPending={isFetchingNextPage}
              onPress={() => void fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

function Files({ job }: { readonly job: Job }) {
  const [look, setLook] = useState<'tiles' | 'table'>('tiles');
  const query = useInfiniteQuery({
    ...jobFilesQuery(job.job, 'done', isOpen(job) ? 0 : job.pictures.done),
    // The first of them appear while the others are worked on.
    refetchInterval: isOpen(job) ? 2_000 : false,
  });
  const files = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton className="h-32 rounded-md" />;
  if (files.length === 0) {
    return (
      <p className="text-sm text-muted">
        {isOpen(job) ? 'The first files appear here soon.' : 'No file was made.'}
      </p>
    );
  }
  return (
    <>
      <OneOf
        label="Results"
        value={look}
        options={[
          { id: 'tiles', title: 'Thumbnails' },
          { id: 'table', title: 'Table' },
        ]}
        onChange={setLook}
      />
      {look === 'tiles' ? <FileTiles files={files} /> : <FileTable files={files} />}
      <More query={query} />
    </>
  );
}

function Findings({ job }: { readonly job: Job }) {
  const query = useInfiniteQuery({ ...jobFindingsQuery(job.job), enabled: job.state === 'done' });
  const found = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (isOpen(job))
    return <p className="text-sm text-muted">Findings come when all were looked at.</p>;
  if (job.state !== 'done') return <p className="text-sm text-muted">It ended without findings.</p>;
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton className="h-32 rounded-md" />;
  if (found.length === 0) {
    return (
      <EmptyPanel
        title="Nothing found"
        detail={`${(job.check?.pictures ?? 0).toLocaleString('en-US')} pictures are as they should be.`}
      />
    );
  }
  return (
    <>
      <FindingsTable job={job} found={found} />
      <More query={query} />
    </>
  );
}

interface MoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
}

function More({ query }: MoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      size="sm"
      variant="secondary"
      className="self-start"
      isPending={query.isFetchingNextPage}
      onPress={() => void query.fetchNextPage()}
    >
      Show more
    </Button>
  );
}
