/** What belongs to a workspace beside its work: credits, keys, webhooks, and the workspaces themselves. */
import type {
  createCheckoutRoute,
  enterCreditsRoute,
  getCreditsRoute,
  listLedgerRoute,
  listPacksRoute,
} from '../routes/credits.ts';
import type {
  changeKeyRoute,
  createKeyRoute,
  getKeyRoute,
  listKeysRoute,
  revokeKeyRoute,
  rotateKeyRoute,
} from '../routes/keys.ts';
import type {
  acceptInvitationRoute,
  inviteAgainRoute,
  inviteRoute,
} from '../routes/invitations.ts';
import type { getUsageRoute } from '../routes/usage.ts';
import type {
  changeWorkspaceRoute,
  createWorkspaceRoute,
  getOwnWorkspaceRoute,
  getWorkspaceRoute,
  listWorkspacesRoute,
} from '../routes/workspaces.ts';
import type { Caller } from './caller.ts';
import { type CallOptions, endpoint, type JsonInputOf, type QueryInputOf } from './endpoint.ts';

export function creditsOf(caller: Caller) {
  return {
    get: (query?: QueryInputOf<typeof getCreditsRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof getCreditsRoute>('get', '/v1/credits'), { query }, options),
    ledger: (query?: QueryInputOf<typeof listLedgerRoute>, options?: CallOptions) =>
      caller.entries(endpoint<typeof listLedgerRoute>('get', '/v1/ledger'), { query }, options),
    usage: (query?: QueryInputOf<typeof getUsageRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof getUsageRoute>('get', '/v1/usage'), { query }, options),
    packs: (options?: CallOptions) =>
      caller.call(endpoint<typeof listPacksRoute>('get', '/v1/packs'), {}, options),
    /** Orders a pack; its `url` is where it is paid. */
    checkout: (json: JsonInputOf<typeof createCheckoutRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof createCheckoutRoute>('post', '/v1/checkout'), { json }, options),
    /** For operators: gives credits to a workspace, or takes them away. */
    enter: (
      workspace: string,
      json: JsonInputOf<typeof enterCreditsRoute>,
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof enterCreditsRoute>('post', '/v1/workspaces/{workspace}/credits'),
        { params: { workspace }, json },
        options,
      ),
  };
}

export function keysOf(caller: Caller) {
  return {
    /** The answer is the only one that has the secret. */
    create: (json: JsonInputOf<typeof createKeyRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof createKeyRoute>('post', '/v1/keys'), { json }, options),
    all: (query?: QueryInputOf<typeof listKeysRoute>, options?: CallOptions) =>
      caller.entries(endpoint<typeof listKeysRoute>('get', '/v1/keys'), { query }, options),
    /** Makes the key of a person; the answer is the only one that has the invitation. */
    invite: (json: JsonInputOf<typeof inviteRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof inviteRoute>('post', '/v1/invitations'), { json }, options),
    inviteAgain: (key: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof inviteAgainRoute>('post', '/v1/keys/{key}/invitation'),
        { params: { key } },
        options,
      ),
    /** Without a key: signs the browser in; the answer is the only one that has the secret. */
    accept: (json: JsonInputOf<typeof acceptInvitationRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof acceptInvitationRoute>('post', '/v1/invitations/accept'),
        { json },
        options,
      ),
    get: (key: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getKeyRoute>('get', '/v1/keys/{key}'),
        { params: { key } },
        options,
      ),
    change: (key: string, json: JsonInputOf<typeof changeKeyRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof changeKeyRoute>('patch', '/v1/keys/{key}'),
        { params: { key }, json },
        options,
      ),
    revoke: (key: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof revokeKeyRoute>('delete', '/v1/keys/{key}'),
        { params: { key } },
        options,
      ),
    rotate: (key: string, json: JsonInputOf<typeof rotateKeyRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof rotateKeyRoute>('post', '/v1/keys/{key}/rotate'),
        { params: { key }, json },
        options,
      ),
  };
}

export function workspacesOf(caller: Caller) {
  return {
    /** The calling key's. */
    own: (options?: CallOptions) =>
      caller.call(endpoint<typeof getOwnWorkspaceRoute>('get', '/v1/workspace'), {}, options),
    all: (options?: CallOptions) =>
      caller.entries(endpoint<typeof listWorkspacesRoute>('get', '/v1/workspaces'), {}, options),
    create: (json: JsonInputOf<typeof createWorkspaceRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof createWorkspaceRoute>('post', '/v1/workspaces'),
        { json },
        options,
      ),
    get: (workspace: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof getWorkspaceRoute>('get', '/v1/workspaces/{workspace}'),
        { params: { workspace } },
        options,
      ),
    change: (
      workspace: string,
      json: JsonInputOf<typeof changeWorkspaceRoute>,
      options?: CallOptions,
    ) =>
      caller.call(
        endpoint<typeof changeWorkspaceRoute>('patch', '/v1/workspaces/{workspace}'),
        { params: { workspace }, json },
        options,
      ),
  };
}
