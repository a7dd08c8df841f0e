/** Bounds how often an address may show keys that are none. */
import { hash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { ProblemError } from '../problems/problem-error.ts';

const WINDOW_SECONDS = 60;
/** Keys that were good from an address, so that strangers behind the same proxy do not lock them out. */
const MOST_KNOWN = 10_000;

export class Guesses {
  readonly #most: number;
  readonly #limiter: RateLimiterMemory;
  readonly #known = new Set<string>();

  /** `perMinute`: most wrong ones from an address in a minute. Counted in this process only. */
  constructor(perMinute: number) {
    this.#most = perMinute;
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  }

  /** Throws a `too-many-requests` problem when the address has guessed enough for now. */
  async check(address: string, secret: string): Promise<void> {
    if (this.#known.has(pairOf(address, secret))) return;
    const counted = await this.#limiter.get(address);
    if (counted === null || counted.consumedPoints < this.#most) return;
    const seconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1000));
    throw new ProblemError(
      'too-many-requests',
      `From your address came too many keys that are none. Try again in ${seconds} s.`,
      { headers: { 'retry-after': String(seconds) } },
    );
  }

  async wrong(address: string, secret: string): Promise<void> {
    this.#known.delete(pairOf(address, secret));
    await this.#limiter.penalty(address);
  }

  right(address: string, secret: string): void {
    const pair = pairOf(address, secret);
    this.#known.delete(pair);
    this.#known.add(pair);
    for (const oldest of this.#known) {
      if (this.#known.size <= MOST_KNOWN) break;
      this.#known.delete(oldest);
    }
  }
}

function pairOf(address: string, secret: string): string {
  return hash('sha256', `${address} ${secret}`);
}
