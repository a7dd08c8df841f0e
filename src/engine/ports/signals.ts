/**
 * What something happened to, so that only those wake whom it concerns: the runs that may be taken up, one run,
 * slots of a limit, or pictures that wait to be finished.
 */
export type SignalTopic = 'runs' | 'slots' | 'finishing' | `run:${string}`;

/** How processes that share a store wake each other, so that nobody has to ask again and again. */
export interface Signals extends AsyncDisposable {
  /** Tells the other processes that something changed (a slot was freed, a run was asked to stop). */
  notify(topic: SignalTopic): void;
  /**
   * Calls back after somebody else notified, with what changed; without a topic: anything may have, since signals
   * were missed or are not told apart here. Returns how to stop.
   */
  subscribe(listener: (topic?: SignalTopic) => void): () => void;
}

/** Whether a signal may be about one of these topics. */
export function isAbout(
  topic: SignalTopic | undefined,
  ...topics: readonly SignalTopic[]
): boolean {
  return topic === undefined || topics.includes(topic);
}
