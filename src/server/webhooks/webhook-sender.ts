/** Sends what endpoints are to be told: many at a time, few to each, for as long as the server runs. */
import type { Logger } from 'pino';
import type { Service } from '../../engine/engine-types.ts';

/** Sendings at a time, over all endpoints. */
const MOST_AT_ONCE = 64;
/** What happened is looked for this often: in this process and in others. */
const LOOK_EVERY_MS = 1_000;
/** What is kept too long is forgotten this often. */
const FORGET_EVERY_MS = 3_600_000;
/** A slow endpoint holds up the end of a server for so long: what is left is sent again by the next. */
const STOP_MS = 5_000;

type Outbox = Service['outbox'];
type Due = Awaited<ReturnType<Outbox['claim']>>[number];

export interface WebhookSenderDeps {
  readonly outbox: Outbox;
  readonly log: Logger;
  /** Endpoints may be on this machine or in its networks. */
  readonly allowPrivate: boolean;
  /** What claims and pauses are measured by. Default: the store's clock. */
  readonly now?: () => number | Promise<number>;
  /** How long an endpoint may take to answer. Default: 15 s. */
  readonly answerMs?: number;
}

export class WebhookSender {
  readonly #deps: WebhookSenderDeps;
  /** Endpoints with sendings under way, and how many: others are not held up by a slow one. */
  readonly #busy = new Map<string, number>();
  readonly #sending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isStopped = false;
  #forgotAt = 0;

  constructor(deps: WebhookSenderDeps) {
    this.#deps = deps;
  }

  /** Begins to look for what is to be sent, every second. */
  start(): void {
    this.#timer ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  /** Something may be there to be sent. */
  look(): void {
    if (this.#isStopped) return;
    this.#looking ??= this.#begin()
      .catch((err: unknown) => this.#deps.log.error({ err }, 'webhooks could not be looked for'))
      .finally(() => (this.#looking = undefined));
  }

  /** Makes and sends all that is due now, and resolves when it is written down. */
  async step(): Promise<void> {
    do {
      await this.#begin();
      await Promise.all(this.#sending);
    } while (await this.#hasMore());
  }

  /** Takes nothing more, and lets what is under way end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#looking;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, STOP_MS);
    await Promise.race([Promise.all(this.#sending), late.promise]);
    clearTimeout(timer);
  }

  async #now(): Promise<number> {
    return (await this.#deps.now?.()) ?? this.#deps.outbox.now();
  }

  async #hasMore(): Promise<boolean> {
    await this.#begin();
    return this.#sending.size > 0;
  }

  async #begin(): Promise<void> {
    const { outbox } = this.#deps;
    while (await outbox.fanOut());
    const now = await this.#now();
    const room = MOST_AT_ONCE - this.#sending.size;
    if (room > 0) {
      for (const due of await outbox.claim(now, room, [...this.#busy.keys()])) this.#send(due, now);
    }
    await this.#forget(now);
  }

  #send(due: Due, now: number): void {
    const { id } = due.webhook;
    this.#busy.set(id, (this.#busy.get(id) ?? 0) + 1);
    const sending = this.#sendOne(due, now)
      .catch((err: unknown) => {
        // Its claim lapses, and it is sent again.
        this.#deps.log.error({ err, delivery: due.id }, 'a webhook was not written down');
      })
      .finally(() => {
        this.#sending.delete(sending);
        const left = (this.#busy.get(id) ?? 1) - 1;
        if (left > 0) return void this.#busy.set(id, left);
        this.#busy.delete(id);
        // There may be more for it.
        if (this.#timer !== undefined) this.look();
      });
    this.#sending.add(sending);
  }

  async #sendOne(due: Due, now: number): Promise<void> {
    const { outbox, allowPrivate, answerMs } = this.#deps;
    const options = { now, allowPrivate, ...(answerMs !== undefined && { answerMs }) };
    const answer = await outbox.send(due, options);
    await outbox.record(due, answer, await this.#now());
  }

  async #forget(now: number): Promise<void> {
    if (now - this.#forgotAt < FORGET_EVERY_MS) return;
    this.#forgotAt = now;
    await this.#deps.outbox.forget(now);
  }
}
