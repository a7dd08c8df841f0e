/** The processes on the store, for operators' keys. */
import { queryOptions } from '@tanstack/react-query';
import { client } from '../client.ts';

export type { WorkersAnswer } from '../../../src/api/client/index.ts';

/** They tell of themselves a few times a minute. */
const LOOK_AGAIN_MS = 5_000;

export const workersQuery = queryOptions({
  queryKey: ['dashboard', 'workers'],
  refetchInterval: LOOK_AGAIN_MS,
  queryFn: ({ signal }) => client.workers.list({ signal }),
});
