/** Jobs of the tools: queries begin with ['jobs']. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Answer } from '../../../src/api/client/index.ts';
import { endpoint } from '../../../src/api/client/index.ts';
import type {
  getJobRoute,
  listJobFilesRoute,
  listJobFindingsRoute,
} from '../../../src/api/routes/jobs.ts';
import { client } from '../client.ts';

export type Job = Answer<typeof getJobRoute>;
export type JobFile = Answer<typeof listJobFilesRoute>['data'][number];
export type JobFinding = Answer<typeof listJobFindingsRoute>['data'][number];

/** While somebody looks: no event tells of a picture that is done. */
const WORKING_MS = 1_000;
/** Another tab or program may order one. */
const RESTING_MS = 10_000;

/** Those that wait or are worked on: at most a hundred of a workspace. */
export const openJobsQuery = queryOptions({
  queryKey: ['jobs', 'open'],
  queryFn: async ({ signal }) =>
    (await client.jobs.list({ open: 'true', limit: 100 }, { signal })).data,
  refetchInterval: ({ state }) => ((state.data ?? []).length > 0 ? WORKING_MS : RESTING_MS),
});

export const endedJobsQuery = infiniteQueryOptions({
  queryKey: ['jobs', 'ended'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    client.jobs.list(
      { open: 'false', limit: 20, ...(pageParam !== undefined && { after: pageParam }) },
      { signal },
    ),
  getNextPageParam: (page) => page.next ?? undefined,
});

const files = endpoint<typeof listJobFilesRoute>('get', '/v1/jobs/{job}/files');

/** `done`: how many are, so that a page that fills is asked for again. */
export function jobFilesQuery(job: string, state: 'done' | 'failed', count: number) {
  return infiniteQueryOptions({
    queryKey: ['jobs', 'files', job, state, count],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(
        files,
        {
          params: { job },
          query: { state, limit: 48, ...(pageParam !== undefined && { after: pageParam }) },
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

const findings = endpoint<typeof listJobFindingsRoute>('get', '/v1/jobs/{job}/findings');

export function jobFindingsQuery(job: string) {
  return infiniteQueryOptions({
    queryKey: ['jobs', 'findings', job],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(
        findings,
        {
          params: { job },
          query: { limit: 50, ...(pageParam !== undefined && { after: pageParam }) },
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
