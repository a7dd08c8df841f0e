/** Takes up a run, if nobody else has it, and drives it to where nothing more can be done in it now. */
import type { Catalog } from '../core/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import type { DriveOptions } from '../engine-types.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { claimRun, type Owner } from './claim-run.ts';
import { concludeDelivery } from './conclude-delivery.ts';
import type { Delivery } from './delivery.ts';
import { type DriveDeps, driveRun } from './drive-run.ts';
import { fallBack } from './fall-back.ts';
import type { RunDecisions } from './run-decisions.ts';
import { mayBeKept } from './run-keeper.ts';
import type { WorkerLease } from './worker-lease.ts';

export interface WorkOptions extends DriveOptions {
  /** Whoever keeps runs going has taken it up by itself: nobody has asked for it now. */
  readonly keeps?: boolean;
}

export interface WorkOnRunDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly delivery: Delivery;
  readonly lease: WorkerLease;
  readonly decisions: Pick<RunDecisions, 'found' | 'waitsForAllowance'>;
  readonly driving: (workerId: string, workspace: string) => DriveDeps;
}

/** Answers who works on it, if somebody else does. */
export async function workOnRun(
  deps: WorkOnRunDeps,
  runId: string,
  options: WorkOptions,
): Promise<Owner | undefined> {
  const { store, decisions } = deps;
  const run = await decisions.found(runId);
  // It was paused, cancelled or driven to its end since the keeper had listed it.
  if (options.keeps && !mayBeKept(run)) return undefined;
  if (run.reading) {
    throw new UsageError(
      `Reading the sheet of run ${runId} was interrupted. Run \`imagemill run ${run.sheet} --out ${run.out}\` again: nothing was paid, and what is there is kept.`,
    );
  }
  const claim = await claimRun(deps, run, options.keeps);
  if ('owner' in claim) return claim.owner;
  const { workerId } = claim;
  // What a process that died had not come to.
  if (options.cancels !== true) await fallBack(deps, run);
  if (!claim.isBegun) {
    if (await decisions.waitsForAllowance(run)) return undefined;
    if (!(await isOver(store, run))) await startRun(store, run, workerId);
  }
  const fresh = await decisions.found(runId);
  const end = await driveRun(deps.driving(workerId, fresh.workspace), fresh, options);
  if (end === 'done' && fresh.settings.deliver !== 'none') {
    await concludeDelivery(deps, await decisions.found(runId));
  }
  return undefined;
}

/** Nothing of it is left to be sent. */
async function isOver(store: Store, { id, state }: StoredRun): Promise<boolean> {
  if (state !== 'done') return false;
  const { waiting, sent } = await store.counts(id);
  return waiting + sent === 0;
}

async function startRun(store: Store, run: StoredRun, workerId: string): Promise<void> {
  // Whoever goes on after a flood of refusals has seen them.
  if (run.reason === 'refusals') await store.resetBreaker(run.id);
  await store.changeRun(run.id, { state: 'running', workerId });
}
