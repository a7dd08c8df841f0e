/** Journals of runs, as logs to watch. */
import { progressJson } from '../../api/json/event-json.ts';
import { journalJson } from '../../api/json/journal-json.ts';
import type { Engine } from '../../engine/engine-types.ts';
import { eventText } from './event-text.ts';
import type { LogMark, LogSource } from './log-source.ts';

export function runLogs({ service, keeper }: Pick<Engine, 'service' | 'keeper'>): LogSource {
  const { events } = service;
  return {
    read: async (run, after, most) =>
      (await events.journal(run, after, most)).map((entry) => ({
        sequence: entry.sequence,
        type: entry.event.type,
        text: eventText({
          event: 'journal',
          id: String(entry.sequence),
          data: journalJson(entry),
        }),
      })),
    marks: async (runs) => {
      const marks = await events.runMarks(runs);
      return new Map<string, LogMark>(
        [...marks].map(([run, { sequence, state, reason }]) => {
          // What was interrupted goes on by itself.
          const hasStopped = state === 'stopped' && reason !== 'interrupted';
          const hasEnded = state === 'done' || state === 'cancelled' || hasStopped;
          return [run, { sequence, hasEnded }];
        }),
      );
    },
    standing: async (run) => {
      const progress = await events.progress(run);
      return progress && progressJson(progress);
    },
    // Its last files are written after its state.
    settled: (run) => keeper.ended(run),
  };
}
