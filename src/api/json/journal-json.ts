import { fromMicros } from '../../engine/core/credits.ts';
import type { JournalEntry } from '../../engine/core/events.ts';
import { isoTime } from '../../engine/core/iso-time.ts';

/** What happened in a run. Which process did it is told to nobody. */
export function journalJson({ sequence, at, event }: JournalEntry) {
  const { type, ...facts } = event;
  const data: Record<string, string | number | null> = {};
  for (const [name, value] of Object.entries(facts) as [string, string | number | null][]) {
    if (name === 'worker') continue;
    if (name === 'creditMicros')
      data['credits'] = value === null ? null : fromMicros(Number(value));
    else data[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return { sequence, at: isoTime(at), type, data };
}
