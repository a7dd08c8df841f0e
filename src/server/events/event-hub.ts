/** Watches logs for many streams: one reader for each log, one question for the marks of all. */
import type { LogSource } from './log-source.ts';
import { WatchedLog } from './watched-log.ts';

/** What other processes wrote is noticed within a second. */
const LOOK_EVERY_MS = 1_000;
/** Changes that come closer together than this are read as one. */
const REST_MS = 20;
/** After reading, twice as long is left to other work: many busy logs are read less often, not more. */
const REST_SHARE = 2;
/** Logs read side by side: the store has work of its own to do. */
const READ_AT_ONCE = 3;

/** A log that is read on until it is let go. */
export interface Watch {
  readonly log: WatchedLog;
  readonly letGo: () => void;
}

interface Watched {
  readonly opened: Promise<WatchedLog | undefined>;
  users: number;
}

export class EventHub {
  readonly #source: LogSource;
  readonly #onFailure: (error: unknown) => void;
  readonly #logs = new Map<string, Watched>();
  readonly #changed = new Set<string>();
  #reading: Promise<void> | undefined;
  #rest: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(source: LogSource, onFailure: (error: unknown) => void) {
    this.#source = source;
    this.#onFailure = onFailure;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Names of what is watched. */
  get names(): readonly string[] {
    return [...this.#logs.keys()];
  }

  /** `undefined`: there is none of this name. */
  async watch(name: string): Promise<Watch | undefined> {
    const watched = this.#logs.get(name) ?? { opened: this.#open(name), users: 0 };
    watched.users += 1;
    this.#logs.set(name, watched);
    if (!this.#isClosing) this.#lookOn();
    let isHeld = true;
    const letGo = () => {
      if (isHeld) this.#letGo(name, watched);
      isHeld = false;
    };
    try {
      const log = await watched.opened;
      if (log !== undefined) return { log, letGo };
      letGo();
      return undefined;
    } catch (error) {
      letGo();
      throw error;
    }
  }

  /** Something may have been written to these. */
  changed(...names: readonly string[]): void {
    for (const name of names) if (this.#logs.has(name)) this.#changed.add(name);
    if (this.#changed.size > 0 && this.#rest === undefined && this.#reading === undefined) {
      this.#read();
    }
  }

  /** Reads what is there to the end, and lets every stream end after it. */
  async close(): Promise<void> {
    clearInterval(this.#look);
    await this.#reading;
    clearTimeout(this.#rest);
    await this.#readOn(this.names).catch(this.#onFailure);
    this.#isClosing = true;
    for (const { opened } of this.#logs.values()) {
      (await opened.catch(() => undefined))?.wake();
    }
  }

  #lookOn(): void {
    this.#look ??= setInterval(() => this.changed(...this.names), LOOK_EVERY_MS).unref();
  }

  #letGo(name: string, watched: Watched): void {
    watched.users -= 1;
    if (watched.users > 0) return;
    if (this.#logs.get(name) === watched) this.#logs.delete(name);
    if (this.#logs.size > 0) return;
    clearInterval(this.#look);
    this.#look = undefined;
  }

  async #open(name: string): Promise<WatchedLog | undefined> {
    const mark = (await this.#source.marks([name])).get(name);
    return mark && new WatchedLog(name, this.#source, mark, () => this.#logs.size);
  }

  #read(): void {
    const names = [...this.#changed];
    this.#changed.clear();
    const began = performance.now();
    this.#reading = this.#readOn(names)
      .catch(this.#onFailure)
      .finally(() => {
        this.#reading = undefined;
        const restMs = Math.max(REST_MS, (performance.now() - began) * REST_SHARE);
        this.#rest = setTimeout(() => {
          this.#rest = undefined;
          if (this.#changed.size > 0) this.#read();
        }, restMs).unref();
      });
  }

  async #readOn(names: readonly string[]): Promise<void> {
    const watched = names.filter((name) => this.#logs.has(name));
    if (watched.length === 0) return;
    const marks = await this.#source.marks(watched);
    for (let at = 0; at < watched.length; at += READ_AT_ONCE) {
      await Promise.all(
        watched.slice(at, at + READ_AT_ONCE).map(async (name) => {
          const mark = marks.get(name);
          if (mark !== undefined) await (await this.#logs.get(name)?.opened)?.advance(mark);
        }),
      );
    }
  }
}
