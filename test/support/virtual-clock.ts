import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/engine/core/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** 2026-01-01T00:00:00Z: any fixed instant will do. */
export const WORLD_BEGINS = Date.UTC(2026, 0, 1);

/**
 * A clock that stands still until a test moves it. Timers fire one at a time, ordered by their time
 * and then by when they were set, and everything that follows from one has run before the next
 * fires: so a program that waits only through this clock runs the same way every time.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #pending = 0;
  readonly #heap: Timer[] = [];
  readonly #settleTurns: number;

  /**
   * @param options.start milliseconds since 1970, by default the start of 2026
   * @param options.settleTurns turns of the event loop that `settle` waits (3): more are needed only
   *   when the code under test does real input or output
   */
  constructor(options: { readonly start?: number; readonly settleTurns?: number } = {}) {
    this.#now = options.start ?? WORLD_BEGINS;
    this.#settleTurns = options.settleTurns ?? 3;
  }

  now(): number {
    return this.#now;
  }

  /** Sleepers that still wait. */
  get pending(): number {
    return this.#pending;
  }

  /** When the next timer is due; `undefined` when nobody sleeps. */
  get nextAt(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.at;
  }

  sleep(waitMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        signal?.removeEventListener('abort', cancel);
        this.#pending -= 1;
        resolve();
      };
      const cancel = () => {
        timer.cancelled = true;
        end();
      };
      const timer = this.#add(this.#now + Math.max(0, waitMs), end);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Lets everything run that can run without time passing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < this.#settleTurns; turn += 1) await nextTurn();
  }

  /** Settles, jumps to the next timer and fires it. False when there is none. */
  async step(): Promise<boolean> {
    await this.settle();
    return this.#fireNext(Infinity);
  }

  /** Fires all timers of the next `waitMs` in order and ends that much later. */
  async advance(waitMs: number): Promise<void> {
    const end = this.#now + waitMs;
    await this.settle();
    while (this.#fireNext(end)) await this.settle();
    this.#now = end;
  }

  /**
   * Steps until nobody sleeps. Returns the steps taken.
   * @throws Error after `mostSteps` (a million), since something then wakes up for ever
   */
  async runUntilIdle(mostSteps = 1_000_000): Promise<number> {
    for (let steps = 0; steps < mostSteps; steps += 1) {
      if (!(await this.step())) return steps;
    }
    throw new Error(`Timers are still being set after ${mostSteps} steps.`);
  }

  /**
   * Steps until `promise` has settled and gives its result.
   * @throws Error when nobody sleeps any more and the promise still waits
   */
  async runUntil<Result>(promise: Promise<Result>): Promise<Result> {
    let settled = false;
    const markSettled = () => {
      settled = true;
    };
    promise.then(markSettled, markSettled);
    while (!settled) {
      if ((await this.step()) || settled) continue;
      throw new Error('Nothing is left that could end what is waited for.');
    }
    return promise;
  }

  #fireNext(latest: number): boolean {
    this.#dropCancelled();
    const next = this.#heap[0];
    if (!next || next.at > latest) return false;
    this.#takeFirst();
    this.#now = Math.max(this.#now, next.at);
    next.fire();
    return true;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled) this.#takeFirst();
  }

  #add(at: number, fire: () => void): Timer {
    const timer: Timer = { at, order: this.#order, fire, cancelled: false };
    this.#order += 1;
    this.#pending += 1;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, first)) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left]!, this.#heap[right]!];
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  #swap(left: number, right: number): void {
    const kept = this.#heap[left]!;
    this.#heap[left] = this.#heap[right]!;
    this.#heap[right] = kept;
  }
}
