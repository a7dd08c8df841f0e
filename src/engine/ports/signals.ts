/**
 * What something happened to, so that only those wake whom it concerns: the runs that may be taken up, a run that
 * wants hands, what is asked of one run and who sends for it, what came of requests that hands sent of it, slots of a
 * limit that were freed or that somebody waits for, or pictures that wait to be finished. `older`: a process of a
 * version that tells less said something.
 */
export type SignalTopic =
  | 'runs'
  | 'hands'
  | 'slots'
  | 'slots-wanted'
  | 'finishing'
  | 'older'
  | `run:${string}`
  | `ends:${string}`;

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
