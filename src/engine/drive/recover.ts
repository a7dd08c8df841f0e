/**
 * What an earlier process left mid-way: each of its attempts is taken over and carried on from what it
 * had written. One that was being sent is looked up where the vendor can, one with a vendor's id is
 * polled on, and the others are unknown: nothing is ever sent again because of a guess.
 */
import type { Worker, AttemptTicket, Store } from '../store/store.ts';

export interface RecoverDeps {
  readonly store: Store;
  readonly workerId: string;
  readonly isAlive: (worker: Worker) => Promise<boolean>;
}

/** Attempts of the run that this worker has now to carry on. */
export async function takeOpenAttempts(deps: RecoverDeps, runId: string): Promise<AttemptTicket[]> {
  const taken: AttemptTicket[] = [];
  for (const attempt of await deps.store.openAttempts(runId)) {
    if (attempt.workerId === deps.workerId) {
      // A bundle that this worker left at the vendor when its run was stopped is read on.
      if (attempt.bundleId !== undefined) taken.push(attempt);
      continue;
    }
    const owner = await deps.store.findWorker(attempt.workerId);
    if (owner !== undefined && (await deps.isAlive(owner))) continue;
    const { workerId, ...ticket } = attempt;
    if (await deps.store.takeAttempt(ticket.attemptId, workerId, deps.workerId)) {
      taken.push(ticket);
    }
  }
  return taken;
}
