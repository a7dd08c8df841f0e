import type { Store, StoredRun } from '../store/store.ts';
import type { WorkerLease } from './worker-lease.ts';

/** A process as it is shown to people. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
}

export interface Claim {
  readonly workerId: string;
  /** It was started together with the claim. */
  readonly isBegun: boolean;
}

/**
 * Makes the run this worker's, unless the process that has it still lives. That is looked up before
 * anything is written: a stopped owner may hold the store's lock for as long as it is stopped.
 * One that nobody needs to be asked about is running then. `onlyAsRead`: not if it was paused, or cancelled, since.
 */
export async function claimRun(
  { store, lease }: { readonly store: Store; readonly lease: WorkerLease },
  run: StoredRun,
  onlyAsRead = false,
): Promise<Claim | { readonly owner: Owner }> {
  const from = run.workerId;
  if (from !== undefined && !(await lease.isOwn(from))) {
    const owner = await store.findWorker(from);
    if (owner !== undefined && (await lease.isAlive(owner))) return { owner: shown(owner) };
  }
  const workerId = await lease.start();
  if (from === workerId) return { workerId, isBegun: false };
  const isBegun = run.state === 'planned' && run.settings.spendingAllowed;
  const claim = [run.id, workerId, from, onlyAsRead ? run.state : undefined] as const;
  const isOurs = await (isBegun ? store.beginRun(...claim) : store.claimRun(...claim));
  if (isOurs) return { workerId, isBegun };
  const winner = (await store.findRun(run.id))?.workerId;
  const worker = winner === undefined ? undefined : await store.findWorker(winner);
  return { owner: worker === undefined ? { host: 'unknown', pid: 0 } : shown(worker) };
}

function shown({ host, pid }: Owner): Owner {
  return { host: host.split('/')[0]!, pid };
}
