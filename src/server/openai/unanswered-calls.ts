/**
 * Calls without an `Idempotency-Key` that were given no images though their run may have made some. Clients
 * send those again by themselves (the AI SDK after every 5xx, all of them after a lost connection): the same
 * call is then given the same run, once, instead of buying others.
 */

/** Longer than any client's own repeats take; then it is a wish of its own. */
const HOLDS_MS = 120_000;
/** Beyond it the oldest are forgotten. */
const MOST = 10_000;

interface Unanswered {
  readonly print: string;
  readonly runId: string;
  readonly until: number;
}

export class UnansweredCalls {
  readonly #now: () => number;
  /** Oldest first. */
  #calls: Unanswered[] = [];

  /** `now`: milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  put(print: string, runId: string): void {
    this.#calls = this.#calls.filter(({ until }) => until > this.#now()).slice(-MOST + 1);
    this.#calls.push({ print, runId, until: this.#now() + HOLDS_MS });
  }

  /** The run of the oldest call that was the same; nobody else is given it until it is put again. */
  take(print: string): string | undefined {
    const at = this.#calls.findIndex((call) => call.print === print && call.until > this.#now());
    return at < 0 ? undefined : this.#calls.splice(at, 1)[0]?.runId;
  }
}
