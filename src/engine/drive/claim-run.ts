import type { Clock } from '../core/clock.ts';
import type { Store, StoredRun, Worker } from '../store/store.ts';
import type { WorkerLease } from './worker-lease.ts';

/** A lease that is over is looked at so often. */
const LOOK_AGAIN_MS = 1_000;

export interface ClaimDeps {
  readonly store: Store;
  readonly lease: WorkerLease;
  readonly clock: Clock;
}

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
  deps: ClaimDeps,
  run: StoredRun,
  onlyAsRead = false,
): Promise<Claim | { readonly owner: Owner }> {
  const { store, lease } = deps;
  const from = run.workerId;
  if (from !== undefined && !(await lease.isOwn(from))) {
    const owner = await livingOwner(deps, from, onlyAsRead);
    if (owner !== undefined) return { owner: shown(owner) };
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

/**
 * The worker, unless it is gone; then it can take up nothing more. Whoever was asked by a person waits until that is
 * certain; a keeper comes back anyway.
 */
async function livingOwner(
  { store, lease, clock }: ClaimDeps,
  workerId: string,
  isHasty: boolean,
): Promise<Worker | undefined> {
  for (;;) {
    const owner = await store.findWorker(workerId);
    if (owner === undefined) return undefined;
    const standing = await lease.standing(owner);
    if (standing === 'gone' && (await lease.fence(owner))) return undefined;
    if (standing !== 'lapsed' || isHasty) return owner;
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

function shown({ host, pid }: Owner): Owner {
  return { host: host.split('/')[0]!, pid };
}
