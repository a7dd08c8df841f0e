/** What the workspace says of the images of a run. */
import type { reviewItemRoute, reviewManyRoute, reviewSummaryRoute } from '../routes/reviews.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type JsonInputOf } from './endpoint.ts';

export function reviewsOf(caller: Caller) {
  return {
    /** Says something of an image; what is left out stays as it is. */
    put: (
      run: string,
      item: string,
      json: JsonInputOf<typeof reviewItemRoute>,
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof reviewItemRoute>('put', '/v1/runs/{run}/items/{item}/review'),
        { params: { run, item }, json },
        options,
      ),
    /** The same of many; the answer's `former`, given as `restore`, undoes it. */
    many: (run: string, json: JsonInputOf<typeof reviewManyRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof reviewManyRoute>('post', '/v1/runs/{run}/reviews'),
        { params: { run }, json },
        options,
      ),
    summary: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof reviewSummaryRoute>('get', '/v1/runs/{run}/reviews/summary'),
        { params: { run } },
        options,
      ),
  };
}
