/** How processes that share a store wake each other, so that nobody has to ask again and again. */
export interface Signals extends AsyncDisposable {
  /** Tells the other processes that something changed (a slot was freed, a run was asked to stop). */
  notify(): void;
  /** Calls back after somebody else notified; returns how to stop. */
  subscribe(listener: () => void): () => void;
}
