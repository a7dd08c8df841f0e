/**
 * Workers that send requests of a run beside its owner, as the owner sees them: what became of what they sent, and
 * what they left mid-way when they died. What they do is in the store already; this tells what follows from it.
 */
import type { Clock } from '../core/clock.ts';
import { isAbout, type Signals } from '../ports/signals.ts';
import type { AttemptNews, AttemptTicket, Store, StoredRun } from '../store/store.ts';
import type { RunHand } from '../store/worker-store.ts';
import { isGone, takeOpenAttempts } from './recover.ts';
import type { WorkerLease } from './worker-lease.ts';

/**
 * While there are hands, what came of their requests is read this often: an end that is delivered and no more is not
 * told, since each telling wakes every process.
 */
const READ_NEWS_MS = 1_000;
/** A hand that died tells nothing: with every so many readings they are looked after. */
const LOOK_AFTER_EVERY = 2;
/** Signals that come sooner after a look are one. */
const LEAST_BETWEEN_MS = 100;
/** Runs that are smaller are sent by their owner in no time (`runsWithWork`). */
const LEAST_ITEMS = 17;

export interface RunHandsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly workerId: string;
  readonly lease: Pick<WorkerLease, 'isAlive' | 'fence'>;
}

export interface RunHandsEvents {
  /** An attempt of somebody else came to this. */
  readonly onNews: (news: AttemptNews) => Promise<void>;
  /** Attempts of a dead worker that are this one's now. */
  readonly onTaken: (tickets: readonly AttemptTicket[]) => void;
  readonly onDefect: (error: unknown) => void;
}

/** Whether others may lend a hand to a run at all. */
export function mayHaveHands({ plan, origin }: Pick<StoredRun, 'plan' | 'origin'>): boolean {
  return origin !== undefined && (plan?.items ?? 0) >= LEAST_ITEMS;
}

export class RunHands implements Disposable {
  readonly #deps: RunHandsDeps;
  readonly #runId: string;
  readonly #events: RunHandsEvents;
  readonly #over = new AbortController();
  #unsubscribe: () => void = () => {};
  #after = 0;
  /** How many there are, as last seen. */
  #count = 0;
  #isWatching = false;
  #looking: Promise<void> | undefined;
  /** The look that begins when that has ended, and whether it is after the hands as well. */
  #next: Promise<void> | undefined;
  #isNextWhole = false;
  #lookedAt = -Infinity;
  /** A signal's look is on its way. */
  #isTold = false;

  constructor(deps: RunHandsDeps, runId: string, events: RunHandsEvents) {
    this.#deps = deps;
    this.#runId = runId;
    this.#events = events;
  }

  /** What has happened until now, the owner reads from the store itself afterwards. */
  async begin(): Promise<void> {
    this.#after = await this.#deps.store.lastEvent(this.#runId);
  }

  /** From now on the owner can be told. */
  listen(): void {
    this.#unsubscribe = this.#deps.signals.subscribe((topic) => {
      const isWhole = isAbout(topic, `run:${this.#runId}`);
      if (isWhole || isAbout(topic, `ends:${this.#runId}`)) void this.#lookSoon(isWhole);
    });
    void this.#lookSafely(true);
  }

  /** Whether any other worker sends requests of the run, after all that it has sent so far was told. */
  async areAtWork(): Promise<boolean> {
    await this.#look(true);
    return this.#count > 0;
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#unsubscribe();
  }

  async #watch(): Promise<void> {
    for (let looks = 1; this.#count > 0 && !this.#over.signal.aborted; looks += 1) {
      await this.#deps.clock.sleep(READ_NEWS_MS, this.#over.signal);
      await this.#lookSafely(looks % LOOK_AFTER_EVERY === 0);
    }
    this.#isWatching = false;
  }

  async #lookSoon(isWhole: boolean): Promise<void> {
    this.#isNextWhole ||= isWhole;
    if (this.#isTold) return;
    this.#isTold = true;
    const { clock } = this.#deps;
    const waitMs = Math.min(this.#lookedAt + LEAST_BETWEEN_MS - clock.now(), LEAST_BETWEEN_MS);
    if (waitMs > 0) await clock.sleep(waitMs, this.#over.signal);
    this.#isTold = false;
    await this.#lookSafely(false);
  }

  async #lookSafely(isWhole: boolean): Promise<void> {
    if (this.#over.signal.aborted) return;
    await this.#look(isWhole).catch((error: unknown) => this.#events.onDefect(error));
  }

  /** One at a time; who asks meanwhile is answered by a look that began after he had asked. */
  #look(isWhole: boolean): Promise<void> {
    this.#isNextWhole ||= isWhole;
    this.#next ??= this.#lookNext();
    return this.#next;
  }

  async #lookNext(): Promise<void> {
    // What went wrong there was told to whoever had asked.
    await this.#looking?.catch(() => undefined);
    const isWhole = this.#isNextWhole;
    this.#isNextWhole = false;
    this.#next = undefined;
    this.#lookedAt = this.#deps.clock.now();
    this.#looking = isWhole ? this.#lookAfter() : this.#tellNews();
    await this.#looking;
  }

  async #lookAfter(): Promise<void> {
    const { store, workerId } = this.#deps;
    // First who is there, then what they did: nothing that somebody did who is gone is missed.
    const hands = await store.handsOf(this.#runId, workerId);
    await this.#tellNews();
    const now = hands.length === 0 ? 0 : await store.now();
    let living = 0;
    for (const hand of hands) {
      const { worker } = hand;
      if (worker === undefined || (await isGone(this.#deps.lease, worker, now))) {
        await this.#takeOver(hand.workerId);
      } else if (hand.isJoined || hand.attemptIds.length === 0) living += 1;
      else await this.#takeLeft(hand);
    }
    this.#count = living;
    if (living === 0 || this.#isWatching) return;
    this.#isWatching = true;
    void this.#watch();
  }

  async #tellNews(): Promise<void> {
    const { store, workerId } = this.#deps;
    for (;;) {
      const page = await store.newsElsewhere(this.#runId, workerId, this.#after);
      for (const news of page.news) await this.#events.onNews(news);
      this.#after = page.last;
      if (!page.hasMore) return;
    }
  }

  /** A living worker that has left has nothing in flight: what it left mid-way has broken off. */
  async #takeLeft({ workerId, attemptIds }: RunHand): Promise<void> {
    const { store, workerId: owner } = this.#deps;
    const taken: AttemptTicket[] = [];
    for (const attempt of await store.openAttempts(this.#runId)) {
      if (attempt.workerId !== workerId || !attemptIds.includes(attempt.attemptId)) continue;
      if (await store.takeAttempt(attempt.attemptId, workerId, owner)) taken.push(attempt);
    }
    if (taken.length > 0) this.#events.onTaken(taken);
  }

  async #takeOver(hand: string): Promise<void> {
    const { store } = this.#deps;
    const open = await store.openAttempts(this.#runId);
    const left = new Set(
      open.filter(({ workerId }) => workerId === hand).map((each) => each.attemptId),
    );
    await store.leaveRun(this.#runId, hand);
    if (left.size === 0) return;
    const taken = await takeOpenAttempts(this.#deps, this.#runId, left);
    this.#events.onTaken(taken);
  }
}
