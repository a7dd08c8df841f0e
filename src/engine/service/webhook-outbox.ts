/** What is to be sent to endpoints: made from events, claimed, sent, and written down, in that order. */
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { PRIVATE_ADDRESS } from '../ports/system-guarded-fetch.ts';
import type { Fenced } from '../store/orders.ts';
import type { Store } from '../store/store.ts';
import type { DueDelivery } from '../store/webhook-store.ts';
import { type Message, messageOf } from './webhook-message.ts';
import { type EndpointAnswer, judge } from './webhook-policy.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** An answer comes within 15 s, as Standard Webhooks recommends at the least. */
const ANSWER_MS = 15_000;
/** Whoever claims has this long to send and to write down; then another one may. */
const CLAIM_MS = 60_000;
/** Events of one endpoint turned into deliveries in one transaction. */
const FANNED_AT_ONCE = 200;
/** Deliveries claimed for one endpoint at a time: they are sent side by side. */
const MOST_OF_EACH = 8;
/** An answer is read so far at most; nothing of it is kept. */
const MOST_ANSWER_BYTES = 16_384;
/** Events and the log of deliveries are kept for 30 days. */
const KEPT_MS = 30 * 86_400_000;

export interface WebhookOutboxDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: WebhookSecrets;
  /** Reaches every address. */
  readonly fetch: typeof globalThis.fetch;
  /** Reaches public hosts only. */
  readonly publicFetch: typeof globalThis.fetch;
}

export interface SendOptions {
  readonly now: number;
  readonly allowPrivate: boolean;
  /** Default: 15 s. */
  readonly answerMs?: number;
}

export class WebhookOutbox {
  readonly #deps: WebhookOutboxDeps;

  constructor(deps: WebhookOutboxDeps) {
    this.#deps = deps;
  }

  /** The clock that claims and pauses are measured by: one for all processes. */
  now(): Promise<number> {
    return this.#deps.store.now();
  }

  /** Makes deliveries of what endpoints have not been told; each is made once. True: there is more. */
  fanOut(): Promise<boolean> {
    return this.#deps.store.fanOut(FANNED_AT_ONCE);
  }

  /** What is due, none of it given to anybody else for a minute. */
  claim(now: number, most: number, except: readonly string[]): Promise<DueDelivery[]> {
    return this.#deps.store.claimDeliveries({
      now,
      until: now + CLAIM_MS,
      claim: this.#deps.random.id(16),
      most,
      mostOfEach: MOST_OF_EACH,
      except,
    });
  }

  /** Never throws: what goes wrong on the way is an answer as well. */
  async send(due: DueDelivery, options: SendOptions): Promise<EndpointAnswer> {
    const { secrets, fetch, publicFetch } = this.#deps;
    const { now, allowPrivate, answerMs = ANSWER_MS } = options;
    const { id, event, webhook } = due;
    const message = messageOf({ id, event, secrets: await secrets.valid(webhook, now), now });
    const post = allowPrivate ? fetch : publicFetch;
    return this.#within(answerMs, (signal) => postTo(post, webhook.url, message, signal));
  }

  /** `fenced`: it took too long, and somebody else has it. */
  record(due: DueDelivery, answer: EndpointAnswer, now: number): Promise<Fenced> {
    const { id, claim, attempt, webhook } = due;
    const verdict = judge(
      answer,
      { attempt, failingSince: webhook.failingSince, now },
      this.#deps.random,
    );
    return this.#deps.store.endDelivery({ id, claim, webhook: webhook.id, at: now, ...verdict });
  }

  /** Forgets what is older than it is kept. */
  forget(now: number): Promise<void> {
    return this.#deps.store.forgetEvents(now - KEPT_MS);
  }

  async #within(
    ms: number,
    work: (signal: AbortSignal) => Promise<EndpointAnswer>,
  ): Promise<EndpointAnswer> {
    const done = new AbortController();
    const late = new AbortController();
    void this.#deps.clock.sleep(ms, done.signal).then(() => late.abort());
    try {
      return await work(late.signal);
    } catch (error) {
      if (late.signal.aborted) return { failure: `It did not answer within ${ms / 1000} s.` };
      return { failure: failureOf(error) };
    } finally {
      done.abort();
    }
  }
}

async function postTo(
  post: typeof globalThis.fetch,
  url: string,
  { headers, body }: Message,
  signal: AbortSignal,
): Promise<EndpointAnswer> {
  const answer = await post(url, { method: 'POST', headers, body, redirect: 'manual', signal });
  // Its status is its answer, whatever becomes of the rest.
  await readSome(answer.body).catch(() => undefined);
  return { status: answer.status };
}

/** Lets the socket be used again when the answer is small, and closes it when it is not. */
async function readSome(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (body === null) return;
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MOST_ANSWER_BYTES) return;
  }
}

/** Names the kind of failure, never what the other side said. */
function failureOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { code?: unknown };
    if (code === PRIVATE_ADDRESS) return 'Its address is not that of a public host.';
    if (typeof code === 'string') return `It could not be reached: ${code}.`;
  }
  return 'It could not be reached.';
}
