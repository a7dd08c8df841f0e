import type { Clock } from '../src/engine/core/clock.ts';
import type { Behaviour } from './behaviour.ts';

/** Where a batch is; each vendor has its own words for it. */
export type BatchStatus =
  | 'validating'
  | 'running'
  | 'finalizing'
  | 'completed'
  | 'failed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

const ENDED: ReadonlySet<BatchStatus> = new Set(['completed', 'failed', 'expired', 'cancelled']);

export interface BatchWork {
  readonly clock: Clock;
  /** Read at the start; a later change concerns later batches. */
  readonly terms: Behaviour['batch'];
  readonly lines: number;
  /** Called before the first line; `false` ends the batch with nothing made. */
  readonly accept: () => boolean;
  /** Makes (and bills) one line. */
  readonly make: (line: number) => Promise<void>;
  /** Called when it ends, before it says so: the results are written. */
  readonly end: (status: BatchStatus) => Promise<void>;
}

const DEFAULT_DURATION_MS = 60_000;
const DEFAULT_EXPIRE_AFTER_MS = 24 * 60 * 60 * 1000;
/** Parts of the duration before the first line and after the last one: our choice. */
const EDGE_SHARE = 0.05;
/** OpenAI documents up to 10 minutes for cancelling. */
const LONGEST_CANCEL_MS = 10 * 60 * 1000;

/**
 * The course of one batch on the simulator's clock: its lines are made one after the other, spread
 * evenly over its duration, until it is done, expires or is cancelled.
 */
export class BatchCourse {
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly #work: BatchWork;
  readonly #durationMs: number;
  readonly #cancelled = new AbortController();
  readonly #moments: Partial<Record<BatchStatus, number>> = {};
  #status: BatchStatus = 'validating';
  #made = 0;

  constructor(work: BatchWork) {
    this.#work = work;
    this.#durationMs = work.terms?.durationMs ?? DEFAULT_DURATION_MS;
    this.createdAt = work.clock.now();
    this.expiresAt = this.createdAt + (work.terms?.expireAfterMs ?? DEFAULT_EXPIRE_AFTER_MS);
    this.#enter('validating');
  }

  /** Sets it going, once. It goes on by itself, whoever asks. */
  start(): void {
    void this.#run();
  }

  get status(): BatchStatus {
    return this.#status;
  }

  get hasEnded(): boolean {
    return ENDED.has(this.#status);
  }

  /** When a status was entered. */
  momentOf(status: BatchStatus): number | undefined {
    return this.#moments[status];
  }

  /** `false` when it has ended already. */
  cancel(): boolean {
    if (this.hasEnded) return false;
    if (this.#status !== 'cancelling') this.#enter('cancelling');
    this.#cancelled.abort();
    return true;
  }

  async #run(): Promise<void> {
    const edgeMs = this.#durationMs * EDGE_SHARE;
    await this.#until(this.createdAt + edgeMs);
    if (this.#isCancelled) return this.#endCancelled(Math.min(edgeMs, LONGEST_CANCEL_MS));
    if (!this.#work.accept()) return this.#end('failed');
    this.#enter('running');
    await this.#makeLines(this.createdAt + edgeMs, this.#durationMs - 2 * edgeMs);
    if (this.#isCancelled) return this.#endCancelled(Math.min(edgeMs, LONGEST_CANCEL_MS));
    if (this.#made < this.#work.lines) return this.#end('expired');
    this.#enter('finalizing');
    // A vendor's own end is the end, whatever the duration.
    const endsAt = Math.min(this.createdAt + this.#durationMs, this.expiresAt);
    await this.#rest(endsAt - this.#now);
    return this.#end('completed');
  }

  async #makeLines(startedAt: number, spanMs: number): Promise<void> {
    const { lines } = this.#work;
    const last = this.createdAt + this.#durationMs > this.expiresAt ? this.#share : undefined;
    const most = last ?? lines;
    while (this.#made < most && !this.#isCancelled) {
      const dueAt = startedAt + ((this.#made + 1) / lines) * spanMs;
      // A known share is made in time, however late its last line would be.
      await this.#until(last === undefined ? dueAt : Math.min(dueAt, this.expiresAt));
      if (this.#isCancelled || (last === undefined && dueAt > this.expiresAt)) break;
      await this.#make();
    }
    if (this.#made < lines) await this.#until(this.expiresAt);
  }

  /** A vendor takes a while to stop, and finishes what it has begun. */
  async #endCancelled(edgeMs: number): Promise<void> {
    while (this.#made < (this.#share ?? 0)) await this.#make();
    await this.#rest(edgeMs);
    return this.#end('cancelled');
  }

  async #end(status: BatchStatus): Promise<void> {
    await this.#work.end(status);
    this.#enter(status);
  }

  async #make(): Promise<void> {
    await this.#work.make(this.#made);
    this.#made += 1;
  }

  /** Lines of the share that is made of a batch that ends early, where one is set. */
  get #share(): number | undefined {
    const share = this.#work.terms?.finishedShare;
    return share === undefined ? undefined : Math.round(share * this.#work.lines);
  }

  get #now(): number {
    return this.#work.clock.now();
  }

  get #isCancelled(): boolean {
    return this.#cancelled.signal.aborted;
  }

  /** Waits until a moment, the batch's end by the vendor, or its cancelling. */
  async #until(at: number): Promise<void> {
    await this.#rest(Math.min(at, this.expiresAt) - this.#now, this.#cancelled.signal);
  }

  async #rest(waitMs: number, signal?: AbortSignal): Promise<void> {
    if (waitMs > 0) await this.#work.clock.sleep(waitMs, signal);
  }

  #enter(status: BatchStatus): void {
    this.#status = status;
    this.#moments[status] = this.#now;
  }
}
