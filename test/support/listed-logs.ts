/** Logs in memory, as event streams read them, that count how often they are. */
import type { LogMark, LogSource, WordedEntry } from '../../src/server/events/log-source.ts';
import { eventText } from '../../src/server/events/event-text.ts';

export class ListedLogs implements LogSource {
  reads = 0;
  markings = 0;
  readonly #logs = new Map<string, { entries: WordedEntry[]; hasEnded: boolean }>();

  write(name: string, entries: number, hasEnded = false): void {
    const log = this.#logs.get(name) ?? { entries: [], hasEnded };
    for (let each = 0; each < entries; each += 1) {
      const sequence = (log.entries.at(-1)?.sequence ?? 0) + 1;
      const text = eventText({ event: 'journal', id: String(sequence), data: { sequence } });
      log.entries.push({ sequence, type: 'entry', text });
    }
    this.#logs.set(name, { ...log, hasEnded });
  }

  /** Forgets all entries up to one. */
  forget(name: string, sequence: number): void {
    const log = this.#logs.get(name)!;
    log.entries = log.entries.filter((entry) => entry.sequence > sequence);
  }

  read(name: string, after: number, most: number): Promise<WordedEntry[]> {
    this.reads += 1;
    const { entries = [] } = this.#logs.get(name) ?? {};
    return Promise.resolve(entries.filter(({ sequence }) => sequence > after).slice(0, most));
  }

  marks(names: readonly string[]): Promise<Map<string, LogMark>> {
    this.markings += 1;
    const found = names.flatMap((name) => {
      const log = this.#logs.get(name);
      const sequence = log?.entries.at(-1)?.sequence ?? 0;
      return log === undefined ? [] : [[name, { sequence, hasEnded: log.hasEnded }] as const];
    });
    return Promise.resolve(new Map(found));
  }
}
