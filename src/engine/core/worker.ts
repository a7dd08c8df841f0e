/** What a process takes of the work that processes of one store share. */
export const WORKER_KINDS = ['runs', 'finishing', 'jobs'] as const;

/**
 * `runs`: owns runs, and sends requests of runs that others own; `finishing`: works recipes on pictures that other
 * processes offer; `jobs`: works through the tools' jobs.
 */
export type WorkerKind = (typeof WORKER_KINDS)[number];

/** What a process works on right now. */
export interface WorkerLoad {
  /** Runs that it owns. */
  readonly runs: number;
  /** Runs of others that it lends a hand to. */
  readonly hands: number;
  /** Calls in flight. */
  readonly inFlight: number;
  /** Pictures of others that it finishes. */
  readonly finishing: number;
  /** Requests sent to an end since it started. */
  readonly ended: number;
  /** Pictures of others finished since it started. */
  readonly finished: number;
}
