/** Who is signed in. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { endpoint } from '../../../src/api/client/index.ts';
import type { getSessionRoute } from '../../../src/api/routes/session.ts';
import { ApiError, client } from '../client.ts';

const get = endpoint<typeof getSessionRoute>('get', '/v1/session');

/** Null: nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Infinity,
  queryFn: () =>
    client.call(get, {}).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
});

export type Scope = NonNullable<Awaited<ReturnType<typeof useSession>>>['scopes'][number];

/** Below the shell there is always one. */
export function useSession() {
  return useQuery(sessionQuery).data ?? undefined;
}

/** Whether the signed-in key may do this: buttons that it may not press are not shown. */
export function useMay(scope: Scope): boolean {
  return useSession()?.scopes.includes(scope) === true;
}
