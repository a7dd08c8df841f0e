/**
 * Time as a port. The engine never reads a clock itself: the real one is handed in by the doors, a
 * virtual one by the forecast and by the simulation that tests the engine.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Resolves after `waitMs`, or at once when `signal` is aborted. It never rejects. */
  sleep(waitMs: number, signal?: AbortSignal): Promise<void>;
}
