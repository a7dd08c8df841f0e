/** Puts together how this process takes part in the work of all processes on its store. */
import type { FinishOrder } from '../core/finisher.ts';
import type { EnginePorts } from '../engine.ts';
import type { LaneBinding } from '../drive/run-lanes.ts';
import type { RunKeeper } from '../drive/run-keeper.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type { SignerStanding } from '../core/credentials.ts';
import type { RunWithWork } from '../store/store.ts';
import { VERSION } from '../version.ts';
import { finishingCapabilities, finishingNeeds } from './finishing-capabilities.ts';
import { FinishingExchange } from './finishing-exchange.ts';
import { FinishingKeeper } from './finishing-keeper.ts';
import { vendorCapability } from './fit-for-run.ts';
import { HandKeeper } from './hand-keeper.ts';
import { canLendHand, lendHand, type LendHandDeps } from './lend-hand.ts';
import { SharedWork, type SharedWorkParts } from './shared-work.ts';

export interface JoinWorkDeps {
  readonly ports: EnginePorts;
  readonly lease: WorkerLease;
  readonly runs: RunKeeper;
  readonly jobs: SharedWorkParts['jobs'];
  readonly binding: LaneBinding;
  /** Vendors that can be reached with the keys that this process has. */
  readonly vendors: readonly string[];
  readonly signer: SignerStanding | undefined;
  readonly lending: (workerId: string, workspace: string) => LendHandDeps;
  readonly inFlight: () => number;
}

export function joinWork(deps: JoinWorkDeps): SharedWork {
  const { ports, lease, runs, jobs, vendors, signer, inFlight } = deps;
  const { activity, config, imagesPlace } = ports;
  const finishing = imagesPlace === undefined ? undefined : finishingWork(deps, imagesPlace);
  const work = new SharedWork({
    runs,
    hands: handKeeper(deps),
    ...(finishing && { finishing }),
    jobs,
    lease,
    ...config.worker,
    inFlight,
    ended: () => activity?.counts.attempts.reduce((sum, { count }) => sum + count, 0) ?? 0,
  });
  if (imagesPlace === undefined) return work;
  const capabilities = [
    ...vendors.map(vendorCapability),
    ...finishingCapabilities(imagesPlace, signer),
  ];
  const facts = { version: VERSION, kinds: work.kinds, capabilities, imagesPlace };
  lease.tells(facts, () => work.load);
  return work;
}

function handKeeper(deps: JoinWorkDeps): HandKeeper {
  const { ports, lease, lending } = deps;
  return new HandKeeper({
    ...ports,
    workerId: () => lease.start(),
    can: (work) => canHelp(deps, work),
    lend: async ({ id, workspace }, drain) => {
      const run = await ports.store.findRun(id);
      if (run !== undefined)
        await lendHand(lending(await lease.start(), workspace), run, { drain });
    },
  });
}

/** The run's owner must be able to read what is stored here. */
async function canHelp(
  { ports: { store, imagesPlace }, lease, binding }: JoinWorkDeps,
  work: RunWithWork,
): Promise<boolean> {
  const owner = (await store.registeredWorkers()).find(({ id }) => id === work.workerId);
  if (imagesPlace === undefined || owner?.facts?.imagesPlace !== imagesPlace) return false;
  if (!(await lease.isAlive(owner))) return false;
  const run = await store.findRun(work.id);
  return run !== undefined && canLendHand(binding, run, work);
}

function finishingWork(
  { ports, lease, signer }: JoinWorkDeps,
  imagesPlace: string,
): FinishingKeeper | undefined {
  const { sharing } = ports;
  if (sharing === undefined) return undefined;
  const needsOf = (order: FinishOrder) => finishingNeeds(order, imagesPlace, signer);
  sharing.finisher.share({ lease, needsOf });
  return new FinishingKeeper({
    ...ports,
    finisher: sharing.own,
    exchange: new FinishingExchange(ports),
    workerId: () => lease.start(),
    capabilities: finishingCapabilities(imagesPlace, signer),
  });
}
