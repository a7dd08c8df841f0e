/** Streams of events: a run's journal, and what happens in a workspace. */
import { runEventsRoute, workspaceEventsRoute } from '../../api/routes/events.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { EVENT_STREAM_HEADERS } from '../events/event-text.ts';
import { EventStreams } from '../events/event-streams.ts';
import { handleRoute } from '../handle-route.ts';
import { ownRun } from '../orders/own-run.ts';

export function eventRoutes(app: App, deps: ServerDeps): void {
  const streams = deps.streams ?? new EventStreams(deps);

  handleRoute(app, runEventsRoute, async (c) => {
    const run = await ownRun(c, deps, c.req.valid('param').run);
    const { after, follow } = c.req.valid('query');
    const last = lastSeen(c.req.valid('header')['last-event-id']);
    if (last?.isEnd && (await streams.hasEndedAt(run.id, last.sequence))) return c.body(null, 204);
    const stream = await streams.begin({
      key: c.var.caller.key.id,
      mayStay: c.var.isStillGood,
      of: 'run',
      name: run.id,
      after: last?.sequence ?? after,
      follow: follow === 'true',
      maySee: () => true,
    });
    return c.body(stream.body, 200, EVENT_STREAM_HEADERS) as never;
  });

  handleRoute(app, workspaceEventsRoute, async (c) => {
    const { key, workspace } = c.var.caller;
    const seesCredits = key.scopes.includes('credits:read');
    const stream = await streams.begin({
      key: key.id,
      mayStay: c.var.isStillGood,
      of: 'workspace',
      name: workspace,
      after:
        lastSeen(c.req.valid('header')['last-event-id'])?.sequence ?? c.req.valid('query').after,
      follow: true,
      maySee: ({ type }) => seesCredits || !type.startsWith('credits.'),
    });
    return c.body(stream.body, 200, EVENT_STREAM_HEADERS) as never;
  });
}

function lastSeen(
  id: string | undefined,
): { readonly sequence: number; readonly isEnd: boolean } | undefined {
  if (id === undefined) return undefined;
  return { sequence: Number.parseInt(id, 10), isEnd: id.endsWith('-end') };
}
