/** Makes one attempt through a lane: with its time-out, and with whatever it throws made a value. */
import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';

export interface Call<Answer> {
  readonly clock: Clock;
  /** When the call must have ended. */
  readonly deadlineAt: number;
  /** Aborted when the engine stops at once. */
  readonly stop: AbortSignal;
  readonly make: (signal: AbortSignal) => Promise<Answer>;
}

/**
 * Runs a call to a vendor until its deadline. A time-out, a stop and an error that the lane let
 * through all mean the same for money: sent, and nobody can tell.
 */
export async function callVendor<Answer>(
  call: Call<Answer>,
): Promise<Answer | { readonly kind: 'failed'; readonly failure: Failure }> {
  const ended = new AbortController();
  const timedOut = new AbortController();
  const timer = call.clock
    .sleep(Math.max(0, call.deadlineAt - call.clock.now()), ended.signal)
    .then(() => {
      if (!ended.signal.aborted) timedOut.abort();
    });
  try {
    return await call.make(AbortSignal.any([call.stop, timedOut.signal]));
  } catch (error) {
    return { kind: 'failed', failure: { kind: 'unknown', words: wordsOf(error) } };
  } finally {
    ended.abort();
    await timer;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
