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

/** A hand that died tells nothing: while there are any, they are looked after this often. */
const LOOK_AGAIN_MS = 2_000;
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
  /** The look under way, and whether another one was asked for meanwhile. */
  #looking: Promise<void> | undefined;
  #again = false;

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
      if (isAbout(topic, `run:${this.#runId}`)) void this.#lookSafely();
    });
    void this.#lookSafely();
  }

  /** Whether any other worker sends requests of the run, after all that it has sent so far was told. */
  async areAtWork(): Promise<boolean> {
    await this.#look();
    return this.#count > 0;
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#unsubscribe();
  }

  async #watch(): Promise<void> {
    while (this.#count > 0 && !this.#over.signal.aborted) {
      await this.#deps.clock.sleep(LOOK_AGAIN_MS, this.#over.signal);
      await this.#lookSafely();
    }
    this.#isWatching = false;
  }

  async #lookSafely(): Promise<void> {
    if (this.#over.signal.aborted) return;
    await this.#look().catch((error: unknown) => this.#events.onDefect(error));
  }

  /** One at a time; who asks meanwhile is answered by a look that began after he had asked. */
  async #look(): Promise<void> {
    if (this.#looking !== undefined) {
      this.#again = true;
      await this.#looking;
      // Who was told first has begun the next look, which is this one's answer as well.
      if (!this.#again) return this.#looking;
    }
    this.#again = false;
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { store, workerId } = this.#deps;
    // First who is there, then what they did: nothing that somebody did who is gone is missed.
    const hands = await store.handsOf(this.#runId, workerId);
    await this.#tellNews();
    let living = 0;
    for (const hand of hands) {
      const worker = await store.findWorker(hand.workerId);
      if (worker === undefined || (await isGone(this.#deps.lease, worker))) {
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
