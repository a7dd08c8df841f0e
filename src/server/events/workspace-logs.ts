/** What happens in workspaces, as logs to watch. */
import { workspaceEventJson } from '../../api/json/event-json.ts';
import type { Engine } from '../../engine/engine-types.ts';
import { eventText } from './event-text.ts';
import type { LogMark, LogSource } from './log-source.ts';

export function workspaceLogs({ service }: Pick<Engine, 'service'>): LogSource {
  const { events } = service;
  return {
    read: async (workspace, after, most) =>
      (await events.events(workspace, after, most)).map((event) => ({
        sequence: event.sequence,
        type: event.type,
        text: eventText({
          event: 'event',
          id: String(event.sequence),
          data: workspaceEventJson(event),
        }),
      })),
    marks: async (workspaces) => {
      const marks = await events.workspaceMarks(workspaces);
      return new Map<string, LogMark>(
        [...marks].map(([workspace, sequence]) => [workspace, { sequence, hasEnded: false }]),
      );
    },
  };
}
