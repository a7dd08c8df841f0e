/**
 * What an earlier process left mid-way: each of its attempts is taken over and carried on from what it
 * had written. One that was being sent is looked up where the vendor can, one with a vendor's id is
 * polled on, and the others are unknown: nothing is ever sent again because of a guess.
 */
import type { Worker, AttemptTicket, Store } from '../store/store.ts';
import type { WorkerLease } from './worker-lease.ts';

export interface RecoverDeps {
  readonly store: Store;
  readonly workerId: string;
  readonly lease: Pick<WorkerLease, 'isAlive' | 'fence'>;
}

/** Attempts of the run that this worker has now to carry on; `only`: of these. */
export async function takeOpenAttempts(
  deps: RecoverDeps,
  runId: string,
  only?: ReadonlySet<string>,
): Promise<AttemptTicket[]> {
  const taken: AttemptTicket[] = [];
  for (const attempt of await deps.store.openAttempts(runId)) {
    if (only?.has(attempt.attemptId) === false) continue;
    // A run is driven once at a time: what is this worker's own was left by a drive that broke, or it is a
    // bundle that was left at the vendor when the run was stopped.
    if (attempt.workerId === deps.workerId) {
      taken.push(attempt);
      continue;
    }
    const owner = await deps.store.findWorker(attempt.workerId);
    if (owner !== undefined && !(await isGone(deps.lease, owner))) continue;
    const { workerId, ...ticket } = attempt;
    if (await deps.store.takeAttempt(ticket.attemptId, workerId, deps.workerId)) {
      taken.push(ticket);
    }
  }
  return taken;
}

/** Whether a worker has ended, and can take up nothing more; `storeNow`: the store's time, where it is known. */
export async function isGone(
  lease: Pick<WorkerLease, 'isAlive' | 'fence'>,
  worker: Worker,
  storeNow?: number,
): Promise<boolean> {
  return !(await lease.isAlive(worker, storeNow)) && (await lease.fence(worker));
}
