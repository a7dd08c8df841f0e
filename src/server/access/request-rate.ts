/** Bounds how many requests a key makes in a minute, and tells every answer how many are left. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { AppContext } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';

const WINDOW_SECONDS = 60;

export class RequestRate {
  readonly #perMinute: number;
  readonly #who: string;
  readonly #limiter: RateLimiterMemory;

  /** Counted in this process only: of several, each lets so many through. */
  constructor(perMinute: number, who = 'This key') {
    this.#perMinute = perMinute;
    this.#who = who;
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  }

  /** Counts a request; throws a `too-many-requests` problem when there were enough. */
  async take(who: string): Promise<RateLimiterRes> {
    try {
      return await this.#limiter.consume(who);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new ProblemError(
        'too-many-requests',
        `${this.#who} makes at most ${this.#perMinute} requests a minute. Try again in ${secondsOf(refusal)} s.`,
        { headers: { 'retry-after': String(secondsOf(refusal)), ...this.#headers(refusal) } },
      );
    }
  }

  /** After the answer is there: handlers may have made it without what was set before. */
  tell(c: AppContext, taken: RateLimiterRes): void {
    for (const [name, value] of Object.entries(this.#headers(taken))) {
      c.res.headers.set(name, value);
    }
  }

  /** As in https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
  #headers(taken: RateLimiterRes): Record<string, string> {
    return {
      'ratelimit-policy': `"requests";q=${this.#perMinute};w=${WINDOW_SECONDS}`,
      ratelimit: `"requests";r=${taken.remainingPoints};t=${secondsOf(taken)}`,
    };
  }
}

function secondsOf({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}
