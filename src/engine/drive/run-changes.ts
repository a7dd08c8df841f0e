/** Tells those who watch, in this process, that something of a run has changed. */
export class RunChanges {
  readonly #listeners = new Set<(runId: string) => void>();

  tell(runId: string): void {
    for (const listener of this.#listeners) listener(runId);
  }

  /** Returns how to stop. */
  listen(listener: (runId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
