/** Webhooks with the log of what they were sent, and the stream of the same events. */
import type { workspaceEventJson } from '../json/event-json.ts';
import type { workspaceEventsRoute } from '../routes/events.ts';
import type {
  changeWebhookRoute,
  createWebhookRoute,
  getWebhookRoute,
  listDeliveriesRoute,
  listWebhooksRoute,
  removeWebhookRoute,
  replayDeliveryRoute,
  replayFailedRoute,
  rotateWebhookRoute,
  testWebhookRoute,
} from '../routes/webhooks.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type JsonInputOf, type QueryInputOf } from './endpoint.ts';
import { streamEvents, type StreamOptions } from './event-stream.ts';

/** `missed`: events that are kept no longer. */
export interface WatchedWorkspaceEvent {
  readonly event: 'event' | 'missed';
  readonly id: string | undefined;
  readonly data: ReturnType<typeof workspaceEventJson>;
}

export function eventsOf(caller: Caller) {
  return {
    /** What happens in the workspace, until the signal is aborted or the loop is left. */
    watch: (options?: StreamOptions) =>
      streamEvents(
        caller,
        { to: endpoint<typeof workspaceEventsRoute>('get', '/v1/events'), input: {} },
        options,
      ) as AsyncGenerator<WatchedWorkspaceEvent, void, undefined>,
  };
}

export function webhooksOf(caller: Caller) {
  return {
    /** The answer has the secret that its deliveries are signed with. */
    create: (json: JsonInputOf<typeof createWebhookRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof createWebhookRoute>('post', '/v1/webhooks'), { json }, options),
    list: (options?: CallOptions) =>
      caller.call(endpoint<typeof listWebhooksRoute>('get', '/v1/webhooks'), {}, options),
    get: (webhook: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getWebhookRoute>('get', '/v1/webhooks/{webhook}'),
        { params: { webhook } },
        options,
      ),
    change: (
      webhook: string,
      json: JsonInputOf<typeof changeWebhookRoute>,
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof changeWebhookRoute>('patch', '/v1/webhooks/{webhook}'),
        { params: { webhook }, json },
        options,
      ),
    remove: (webhook: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof removeWebhookRoute>('delete', '/v1/webhooks/{webhook}'),
        { params: { webhook } },
        options,
      ),
    rotate: (webhook: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof rotateWebhookRoute>('post', '/v1/webhooks/{webhook}/rotate'),
        { params: { webhook } },
        options,
      ),
    test: (webhook: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof testWebhookRoute>('post', '/v1/webhooks/{webhook}/test'),
        { params: { webhook } },
        options,
      ),
    deliveries: (
      webhook: string,
      query?: QueryInputOf<typeof listDeliveriesRoute>,
      options?: CallOptions,
    ) =>
      caller.entries(
        endpoint<typeof listDeliveriesRoute>('get', '/v1/webhooks/{webhook}/deliveries'),
        { params: { webhook }, query },
        options,
      ),
    replay: (webhook: string, delivery: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof replayDeliveryRoute>(
          'post',
          '/v1/webhooks/{webhook}/deliveries/{delivery}/replay',
        ),
        { params: { webhook, delivery } },
        options,
      ),
    replayFailed: (
      webhook: string,
      json: JsonInputOf<typeof replayFailedRoute>,
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof replayFailedRoute>('post', '/v1/webhooks/{webhook}/replay'),
        { params: { webhook }, json },
        options,
      ),
  };
}
