/** Works on each thing once at a time in this process: who comes second waits until the first has ended. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  async do<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(id) ?? Promise.resolve();
    // How the first one ended is told to whoever asked for it.
    const mine = before.catch(() => undefined).then(work);
    this.#last.set(id, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(id) === mine) this.#last.delete(id);
    }
  }
}
