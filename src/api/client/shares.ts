/** Pages for a client's approval: for their owner, and for the visitor who has the link. */
import type {
  getSharedRoute,
  markSharedRoute,
  openSharedRoute,
  sharedItemsRoute,
} from '../routes/shared.ts';
import type {
  createShareRoute,
  listSharesRoute,
  revokeShareRoute,
  shareMarksRoute,
  takeOverRoute,
} from '../routes/shares.ts';
import type { Caller } from './caller.ts';
import {
  type Answer,
  type CallOptions,
  endpoint,
  type Entry,
  type JsonInputOf,
  type QueryInputOf,
} from './endpoint.ts';

export type Share = Entry<typeof listSharesRoute>;
export type SharedPage = Answer<typeof getSharedRoute>;
export type SharedItem = Entry<typeof sharedItemsRoute>;
export type NewShare = JsonInputOf<typeof createShareRoute>;
export type NewMark = JsonInputOf<typeof markSharedRoute>;

export function sharesOf(caller: Caller) {
  return {
    /** The answer has the link, which is told this one time. */
    create: (run: string, json: NewShare, options?: CallOptions) =>
      caller.call(
        endpoint<typeof createShareRoute>('post', '/v1/runs/{run}/shares'),
        { params: { run }, json },
        options,
      ),
    list: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof listSharesRoute>('get', '/v1/runs/{run}/shares'),
        { params: { run } },
        options,
      ),
    revoke: (run: string, share: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof revokeShareRoute>('delete', '/v1/runs/{run}/shares/{share}'),
        { params: { run, share } },
        options,
      ),
    marks: (run: string, share: string, options?: CallOptions) =>
      caller.entries(
        endpoint<typeof shareMarksRoute>('get', '/v1/runs/{run}/shares/{share}/marks'),
        { params: { run, share } },
        options,
      ),
    takeOver: (run: string, share: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof takeOverRoute>('post', '/v1/runs/{run}/shares/{share}/take-over'),
        { params: { run, share } },
        options,
      ),
  };
}

/** Without a key: by the secret of a link, and by the cookie that it is given for. */
export function sharedOf(caller: Caller) {
  return {
    open: (share: string, secret: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof openSharedRoute>('post', '/v1/shared/{share}/open'),
        { params: { share } },
        { ...options, headers: { ...options?.headers, authorization: `Bearer ${secret}` } },
      ),
    get: (share: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getSharedRoute>('get', '/v1/shared/{share}'),
        { params: { share } },
        options,
      ),
    items: (share: string, query?: QueryInputOf<typeof sharedItemsRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof sharedItemsRoute>('get', '/v1/shared/{share}/items'),
        { params: { share }, query },
        options,
      ),
    mark: (share: string, item: string, json: NewMark, options?: CallOptions) =>
      caller.call(
        endpoint<typeof markSharedRoute>('put', '/v1/shared/{share}/items/{item}/mark'),
        { params: { share, item }, json },
        options,
      ),
  };
}
