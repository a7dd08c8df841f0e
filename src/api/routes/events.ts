/** Server-sent events. */
import { defineRoute } from '../define-route.ts';
import { runStreamQuery, streamHeaders, streamQuery } from '../schemas/events.ts';
import { z } from '../zod.ts';

function eventStream(description: string) {
  return { description, content: { 'text/event-stream': { schema: z.string() } } };
}

export const runEventsRoute = defineRoute('runs:read', ['invalid', 'not-found'], {
  method: 'get',
  path: '/v1/runs/{run}/events',
  tags: ['events'],
  operationId: 'watchRun',
  summary: 'What happens in a run, as it happens',
  description: `A stream of server-sent events. It begins with \`snapshot\` (how the run stands), then sends each entry of the run's journal as \`journal\`, with its sequence as id, and at most twice a second \`progress\`, which has no id. When the run has ended, \`end\` is the last one. Without an id to begin after, entries are those that come from now on. A client that comes again with the last id it saw misses nothing and sees nothing twice, over restarts of the server as well; who has seen the end is answered with 204.`,
  request: {
    params: z.object({ run: z.string().max(64) }),
    query: runStreamQuery,
    headers: streamHeaders,
  },
  responses: {
    200: eventStream('The stream.'),
    204: { description: 'The end was seen already; nothing has happened since.' },
  },
});

export const workspaceEventsRoute = defineRoute('runs:read', ['invalid'], {
  method: 'get',
  path: '/v1/events',
  tags: ['events'],
  operationId: 'watchWorkspace',
  summary: 'What happens in the workspace, as it happens',
  description: `A stream of server-sent events: each is an \`event\` with its sequence as id, of the types that webhooks tell. Those of credits are sent to keys that may read credits. Events are kept for 30 days; who comes later is told by \`missed\` which ones are gone. It stays open until the client leaves.`,
  request: { query: streamQuery, headers: streamHeaders },
  responses: { 200: eventStream('The stream.') },
});
