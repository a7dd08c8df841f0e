/** The jobs that an engine works on, so that it does not end under them. */
export class WorkingJobs {
  readonly #stop = new AbortController();
  readonly #working = new Set<Promise<unknown>>();

  /** Begins a work; the signal is aborted when the engine ends, or with `drain`. */
  begin<Result>(
    drain: AbortSignal | undefined,
    work: (drain: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const stop = this.#stop.signal;
    const working = work(drain === undefined ? stop : AbortSignal.any([stop, drain]));
    const forget = () => this.#working.delete(working);
    this.#working.add(working);
    working.then(forget, forget);
    return working;
  }

  /** Lets what is in flight end, and nothing more begin: no picture fails because its threads are gone. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#working);
  }
}
