/** A server that makes one thing at a time: when each order begins and ends, in the order of arrival. */
export class SerialQueue {
  #busyUntil = 0;

  /** Takes a place at the end of the queue. */
  take(now: number, durationMs: number): { readonly startsAt: number; readonly endsAt: number } {
    const startsAt = Math.max(now, this.#busyUntil);
    this.#busyUntil = startsAt + durationMs;
    return { startsAt, endsAt: this.#busyUntil };
  }
}
