/** One client's stream: it takes what is new when it can take something, and holds a page at most. */
import type { EventHub, Watch } from './event-hub.ts';
import { eventText, HEARTBEAT, openingText } from './event-text.ts';
import type { WordedEntry } from './log-source.ts';
import type { Standing, WatchedLog } from './watched-log.ts';

/** A client that lost its stream comes again after 1 to 3 s: not all at once when a server starts. */
const RETRY_MS = { least: 1_000, spread: 2_000 } as const;

export interface StreamOrder {
  readonly watch: Watch;
  readonly hub: Pick<EventHub, 'isClosing'>;
  /** The last entry that the client has; absent: it begins with what is still to come. */
  readonly after: number | undefined;
  /** Stays open when there is nothing more to come. */
  readonly follow: boolean;
  /** Entries that this client may see. */
  readonly maySee: (entry: WordedEntry) => boolean;
  readonly onEnd: () => void;
}

export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #order: StreamOrder;
  readonly #log: WatchedLog;
  readonly #encoder = new TextEncoder();
  readonly #unlisten: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #wake: (() => void) | undefined;
  #at: number;
  #isOpened = false;
  #isOver = false;
  #isWoken = false;
  #isBeatDue = false;
  #beatsMissed = 0;
  #hasTaken = false;
  #endTold: number | undefined;
  #progress: Standing | undefined;

  constructor(order: StreamOrder) {
    this.#order = order;
    this.#log = order.watch.log;
    this.#at = Math.min(order.after ?? this.#log.head, this.#log.head);
    this.#progress = this.#log.progress;
    this.#unlisten = this.#log.listen(() => this.#wakeUp());
    this.body = new ReadableStream(
      {
        start: (controller) => void (this.#controller = controller),
        pull: (controller) => this.#pull(controller),
        cancel: () => this.#finish(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Time for a sign of life; whether the client has taken something since the last one is noted. */
  beat(): void {
    this.#beatsMissed = this.#hasTaken || this.#wake !== undefined ? 0 : this.#beatsMissed + 1;
    this.#hasTaken = false;
    if (this.#wake === undefined) return;
    this.#isBeatDue = true;
    this.#wakeUp();
  }

  /** Signs of life in a row at which something lay here that the client did not take. */
  get beatsMissed(): number {
    return this.#beatsMissed;
  }

  /** Cuts the connection: a client that wants more comes again, and loses nothing. */
  cut(): void {
    this.#controller?.error(new Error('The stream was cut.'));
    this.#finish();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#hasTaken = true;
    try {
      const text = await this.#next();
      if (text !== undefined) return controller.enqueue(this.#encoder.encode(text));
      if (!this.#isOver) controller.close();
    } catch (error) {
      controller.error(error);
    }
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unlisten();
    this.#order.watch.letGo();
    this.#order.onEnd();
    this.#wakeUp();
  }

  /** The next piece; `undefined`: this was the last. */
  async #next(): Promise<string | undefined> {
    if (!this.#isOpened) return this.#open();
    while (!this.#isOver) {
      this.#isWoken = false;
      const entries = await this.#log.after(this.#at);
      if (entries.length > 0) {
        const text = this.#take(entries);
        if (text !== '') return text;
        continue;
      }
      const more = await this.#beside();
      if (more !== undefined) return more;
      if (this.#mayEnd()) return undefined;
      await this.#woken();
    }
    return undefined;
  }

  /** How it stands, and where the client is: a client that sees nothing more yet comes again to there. */
  async #open(): Promise<string> {
    this.#isOpened = true;
    const retryMs = RETRY_MS.least + Math.floor(Math.random() * RETRY_MS.spread);
    const standing = await this.#log.standing();
    if (this.#order.after !== undefined) {
      const text = standing === undefined ? '' : eventText({ event: 'snapshot', ...standing });
      return openingText(retryMs) + text;
    }
    if (standing === undefined) return openingText(retryMs, String(this.#at));
    const id = String(this.#at);
    return openingText(retryMs) + eventText({ event: 'snapshot', id, data: standing.data });
  }

  #take(entries: readonly WordedEntry[]): string {
    const first = entries[0]!.sequence;
    const missed = first > this.#at + 1 ? this.#missed(this.#at + 1, first - 1) : '';
    this.#at = entries.at(-1)!.sequence;
    return (
      missed +
      entries
        .filter(this.#order.maySee)
        .map(({ text }) => text)
        .join('')
    );
  }

  /** What was forgotten before the client came for it. */
  #missed(from: number, to: number): string {
    return eventText({ event: 'missed', id: String(to), data: { from, to } });
  }

  /** What is told beside the entries, when there are none: the end, how it stands, a sign of life. */
  async #beside(): Promise<string | undefined> {
    const log = this.#log;
    if (log.hasEnded && this.#endTold !== this.#at && this.#at === log.head) {
      this.#endTold = this.#at;
      this.#progress = log.progress;
      const standing = await log.standing();
      if (standing === undefined) return undefined;
      return eventText({ event: 'end', id: `${this.#at}-end`, data: standing.data });
    }
    const { progress } = log;
    if (progress !== undefined && progress !== this.#progress) {
      this.#progress = progress;
      return eventText({ event: 'progress', data: progress.data });
    }
    if (!this.#isBeatDue) return undefined;
    this.#isBeatDue = false;
    return HEARTBEAT;
  }

  #mayEnd(): boolean {
    const { hub, follow } = this.#order;
    return hub.isClosing || (!follow && this.#endTold === this.#at && this.#log.hasEnded);
  }

  #wakeUp(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  /** Since the last look, or from now on. */
  async #woken(): Promise<void> {
    if (this.#isWoken) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
  }
}
