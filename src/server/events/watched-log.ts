/** One log that is watched: read once for all its streams, its last entries at hand. */
import type { LogMark, LogSource, WordedEntry } from './log-source.ts';

/** Entries at hand: who is further behind reads the store, a page at a time. */
const MOST_AT_HAND = 200;
/** Entries handed to a stream in one piece. */
const PAGE = 100;
/** At most twice a second, and all logs together for a twentieth of the time. */
const STANDING_EVERY_MS = 500;
const STANDING_SHARE = 20;

/** How it stood when its entries went up to `sequence`. */
export interface Standing {
  readonly sequence: number;
  readonly data: object;
}

export class WatchedLog {
  readonly name: string;
  readonly #source: LogSource;
  readonly #watched: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #pages = new Map<number, Promise<WordedEntry[]>>();
  #atHand: WordedEntry[] = [];
  #mark: LogMark;
  #settled: number | undefined;
  #settling: Promise<void> = Promise.resolve();
  #standing:
    | { readonly sequence: number; readonly answer: Promise<Standing | undefined> }
    | undefined;
  #progress: Standing | undefined;
  #costMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #told = 0;

  /** `watched`: how many logs are, this one among them. */
  constructor(name: string, source: LogSource, mark: LogMark, watched: () => number) {
    this.name = name;
    this.#source = source;
    this.#watched = watched;
    this.#mark = mark;
    this.#settle();
  }

  /** Sequence of the newest entry. */
  get head(): number {
    return this.#mark.sequence;
  }

  /** Its last entry is the last for now, and everything that follows from it is done. */
  get hasEnded(): boolean {
    return this.#mark.hasEnded && this.#settled === this.#mark.sequence;
  }

  /** Resolves when it is known whether the end of now is the end. */
  settling(): Promise<void> {
    return this.#settling;
  }

  /** The newest standing that was told to all; a new object each time. */
  get progress(): Standing | undefined {
    return this.#progress;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Calls back whenever there may be something new; returns how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    };
  }

  /** What comes after an entry; nothing when that is the newest. */
  async after(sequence: number): Promise<readonly WordedEntry[]> {
    if (sequence >= this.head) return [];
    const first = this.#atHand[0]?.sequence;
    if (first !== undefined && sequence >= first - 1) {
      const from = sequence - first + 1;
      return this.#atHand.slice(from, from + PAGE);
    }
    return this.#page(sequence);
  }

  /** How it stands; asked of the store once while nothing changes. */
  standing(): Promise<Standing | undefined> {
    const { sequence } = this.#mark;
    if (this.#standing?.sequence === sequence) return this.#standing.answer;
    const answer = this.#ask(sequence);
    this.#standing = { sequence, answer };
    answer.catch(() => (this.#standing = undefined));
    return answer;
  }

  /** Takes in what was written up to a mark. */
  async advance(mark: LogMark): Promise<void> {
    const from = Math.max(this.head, mark.sequence - MOST_AT_HAND);
    if (mark.sequence > this.head) {
      const read = await this.#source.read(this.name, from, MOST_AT_HAND);
      // What is newer than the mark may be of another state than it says.
      const fresh = read.filter(({ sequence }) => sequence <= mark.sequence);
      const kept = from === this.head ? this.#atHand : [];
      this.#atHand = [...kept, ...fresh].slice(-MOST_AT_HAND);
      this.#mark = mark;
      this.#tellStanding();
    } else if (mark.sequence === this.head) {
      this.#mark = mark;
    }
    this.#settle();
    this.wake();
  }

  wake(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Streams that came again at the same place share one reading. */
  #page(sequence: number): Promise<WordedEntry[]> {
    const known = this.#pages.get(sequence);
    if (known !== undefined) return known;
    const page = this.#source
      .read(this.name, sequence, PAGE)
      .finally(() => this.#pages.delete(sequence));
    this.#pages.set(sequence, page);
    return page;
  }

  async #ask(sequence: number): Promise<Standing | undefined> {
    const before = performance.now();
    const data = await this.#source.standing?.(this.name);
    this.#costMs = performance.now() - before;
    return data && { sequence, data };
  }

  #settle(): void {
    const { sequence, hasEnded } = this.#mark;
    if (!hasEnded || this.#settled === sequence) return;
    const settled = this.#source.settled?.(this.name) ?? Promise.resolve();
    // However that went: there is nothing more to wait for.
    this.#settling = settled
      .catch(() => undefined)
      .then(() => {
        this.#settled = sequence;
        this.wake();
      });
  }

  /** Soon, but not too often. */
  #tellStanding(): void {
    if (this.#source.standing === undefined || this.#timer !== undefined) return;
    const shareMs = this.#costMs * STANDING_SHARE * this.#watched();
    const pauseMs = Math.max(STANDING_EVERY_MS, shareMs);
    const waitMs = Math.max(0, this.#told + pauseMs - performance.now());
    this.#timer = setTimeout(() => void this.#tellNow(), waitMs).unref();
  }

  async #tellNow(): Promise<void> {
    this.#told = performance.now();
    // Whoever watches learns of a store that fails by its next entry; this is only said beside.
    this.#progress = await this.standing().catch(() => undefined);
    this.#timer = undefined;
    this.wake();
  }
}
