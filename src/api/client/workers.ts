import type { listWorkersRoute } from '../routes/workers.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint } from './endpoint.ts';

export type WorkersAnswer = Answer<typeof listWorkersRoute>;

export function workersOf(caller: Caller) {
  return {
    /** For operators: every process on the store. */
    list: (options?: CallOptions) =>
      caller.call(endpoint<typeof listWorkersRoute>('get', '/v1/workers'), {}, options),
  };
}
