/** The streams that are open: so many for a key and in all, kept alive, and cut when they must be. */
import type { EventStream } from './event-stream.ts';

/** Below the minute after which many proxies close what is quiet. */
const BEAT_EVERY_MS = 15_000;
/** A client that has not taken what is there for a minute is cut. */
const MOST_BEATS_MISSED = 4;

export interface OpenStreamsDeps {
  readonly most: number;
  readonly mostOfKey: number;
  /** Of these keys, those that may no longer look. */
  readonly shutOut: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** A place that is taken before its stream is there. */
export interface Place {
  /** `mayStay`: whether what it was begun with is good still. Default: while its key is. */
  hold(stream: EventStream, mayStay?: () => Promise<boolean>): void;
  /** Whether it is held or not. */
  giveBack(): void;
}

interface Entry {
  readonly key: string;
  stream: EventStream | undefined;
  mayStay: (() => Promise<boolean>) | undefined;
}

export class OpenStreams {
  readonly #deps: OpenStreamsDeps;
  readonly #places = new Map<Place, Entry>();
  readonly #ofKey = new Map<string, number>();
  #beat: NodeJS.Timeout | undefined;

  constructor(deps: OpenStreamsDeps) {
    this.#deps = deps;
  }

  get open(): number {
    return this.#places.size;
  }

  /** `undefined`: there are as many as there may be. */
  take(key: string): Place | undefined {
    const taken = this.#ofKey.get(key) ?? 0;
    if (this.#places.size >= this.#deps.most || taken >= this.#deps.mostOfKey) return undefined;
    this.#ofKey.set(key, taken + 1);
    this.#beat ??= setInterval(() => void this.#tick(), BEAT_EVERY_MS).unref();
    const entry: Entry = { key, stream: undefined, mayStay: undefined };
    const place: Place = {
      hold: (stream, mayStay) => void Object.assign(entry, { stream, mayStay }),
      giveBack: () => this.#giveBack(place, key),
    };
    this.#places.set(place, entry);
    return place;
  }

  close(): void {
    clearInterval(this.#beat);
  }

  #giveBack(place: Place, key: string): void {
    if (!this.#places.delete(place)) return;
    const left = (this.#ofKey.get(key) ?? 1) - 1;
    if (left === 0) this.#ofKey.delete(key);
    else this.#ofKey.set(key, left);
    if (this.#places.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }

  async #tick(): Promise<void> {
    for (const { stream } of this.#places.values()) {
      stream?.beat();
      if (stream !== undefined && stream.beatsMissed >= MOST_BEATS_MISSED) stream.cut();
    }
    // A store that does not answer now is asked again at the next beat.
    const out = await this.#deps.shutOut([...this.#ofKey.keys()]).catch(() => new Set<string>());
    for (const { key, stream, mayStay } of this.#places.values()) {
      if (out.has(key) || (await mayStay?.().catch(() => true)) === false) stream?.cut();
    }
  }
}
