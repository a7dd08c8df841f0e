/** What has been asked is kept here for all pages; events from the server say what to ask again (`live/`). */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toast } from '@heroui/react';
import { ApiError } from '../client.ts';
import { errorText } from '../parts/error-text.ts';

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => !(error instanceof ApiError && error.status > 0) && failures < 2,
    },
  },
  queryCache: new QueryCache({ onError: signOutWhenNobody }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      signOutWhenNobody(error);
      // Forms that show their problems at the fields say so.
      if (mutation.meta?.['showsErrors'] === true) return;
      toast.danger(errorText(error).title, { description: errorText(error).detail });
    },
  }),
});

/** A session that has ended: whoever looks is asked for a key again. */
function signOutWhenNobody(error: Error): void {
  if (error instanceof ApiError && error.status === 401) {
    queryClient.setQueryData(['session'], null);
  }
}
