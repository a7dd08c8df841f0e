/** `isOver`: nothing more is done in the run now. */
export type OnRunChange = (runId: string, isOver: boolean) => void;

/** Tells those who watch, in this process, that something of a run has changed. */
export class RunChanges {
  readonly #listeners = new Set<OnRunChange>();

  tell(runId: string, isOver = false): void {
    for (const listener of this.#listeners) listener(runId, isOver);
  }

  /** Returns how to stop. */
  listen(listener: OnRunChange): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
