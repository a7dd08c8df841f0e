/** Answers that take long, remembered for a while: a tenth of the time at most is spent on finding one anew. */
import type { Clock } from '../core/clock.ts';

/** Remembered at least so long, and longer the longer the answer took. */
const AT_LEAST_MS = 500;
const TIMES_ITS_COST = 9;
/** The oldest is forgotten for a new one. */
const MOST = 50;

interface Known<Value> {
  readonly value: Value;
  readonly until: number;
}

export class Remembered<Value> {
  readonly #clock: Clock;
  readonly #known = new Map<string, Promise<Known<Value>>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whoever asks while it is being found waits for the same answer. */
  async get(key: string, find: () => Promise<Value>): Promise<Value> {
    const known = await this.#known.get(key)?.catch(() => undefined);
    if (known !== undefined && known.until > this.#clock.now()) return known.value;
    const finding = this.#find(find);
    this.#known.delete(key);
    this.#known.set(key, finding);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return (await finding).value;
  }

  async #find(find: () => Promise<Value>): Promise<Known<Value>> {
    const began = this.#clock.now();
    const value = await find();
    const ended = this.#clock.now();
    return { value, until: ended + Math.max(AT_LEAST_MS, (ended - began) * TIMES_ITS_COST) };
  }
}
