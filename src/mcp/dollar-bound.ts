/**
 * Keeps a session below so many of the vendors' dollars: each run gets a part of them as its own bound, which
 * the store holds exactly, and gives back what it did not need when it has ended.
 */
import { fromMicros, toMicros } from '../engine/core/credits.ts';
import { ApiError, type Client } from '../api/client/index.ts';

export class DollarBound {
  readonly #maxUsdMicros: number;
  readonly #client: Client;
  /** What each run of the session may spend, or has spent. */
  readonly #reserved = new Map<string, { micros: number; isFinal: boolean }>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(maxUsd: number, client: Client) {
    this.#maxUsdMicros = toMicros(maxUsd);
    this.#client = client;
  }

  get maxUsd(): number {
    return fromMicros(this.#maxUsdMicros);
  }

  /** One after the other: what is left is looked up and reserved without anybody in between. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Dollars that no run has reserved or spent. */
  async left(): Promise<number> {
    let taken = 0;
    for (const [run, part] of this.#reserved) {
      if (!part.isFinal) await this.#settle(run, part);
      taken += part.micros;
    }
    return fromMicros(Math.max(0, this.#maxUsdMicros - taken));
  }

  /**
   * Makes a run under a part of the dollars. When nobody can tell whether it was made, its part stays taken.
   */
  async reserving<Made extends { readonly run: string }>(
    usd: number,
    make: () => Promise<Made>,
  ): Promise<Made> {
    try {
      const made = await make();
      this.#reserved.set(made.run, { micros: toMicros(usd), isFinal: false });
      return made;
    } catch (error) {
      const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
      const name = `unknown ${this.#reserved.size}`;
      if (!isRefused) this.#reserved.set(name, { micros: toMicros(usd), isFinal: true });
      throw error;
    }
  }

  /** What is still unknown of an ended run keeps its part: it may have been paid for. */
  async #settle(run: string, part: { micros: number; isFinal: boolean }): Promise<void> {
    const { state, usd, items } = await this.#client.runs.get(run);
    if (state !== 'done' && state !== 'cancelled') return;
    if (items.unknown + items.sent > 0) return;
    part.micros = toMicros(usd.actual) + toMicros(usd.written_off) + toMicros(usd.held);
    // A run that has ended may be begun again by `resume` of somebody else, under the bound that it has.
    part.isFinal = state === 'cancelled' || items.waiting === 0;
  }
}
