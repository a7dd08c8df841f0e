import type { getDashboardRoute, getDetailRoute } from '../routes/dashboard.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint, type QueryInputOf } from './endpoint.ts';

export type DashboardAnswer = Answer<typeof getDashboardRoute>;
export type DetailAnswer = Answer<typeof getDetailRoute>;

export function dashboardOf(caller: Caller) {
  return {
    get: (query?: QueryInputOf<typeof getDashboardRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof getDashboardRoute>('get', '/v1/dashboard'), { query }, options),
    /** Whether pictures lose detail with their place in the queue. */
    detail: (options?: CallOptions) =>
      caller.call(endpoint<typeof getDetailRoute>('get', '/v1/dashboard/detail'), {}, options),
  };
}
