/** Lives one round: begins the machines, orders, lets the faults happen, heals everything, waits and audits. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { auditCluster, type Findings } from '../../test/cluster/audit-cluster.ts';
import { Cluster } from '../../test/cluster/cluster.ts';
import type { MillProcess } from '../../test/cluster/mill-process.ts';
import type { MortalPostgres } from '../../test/cluster/mortal-postgres.ts';
import { type SmallDisk, smallDisk } from '../../test/cluster/small-disk.ts';
import { type FaultKind, type PlannedFault, planRound, type RoundPlan } from './plan-round.ts';

/** Calls that hang end after it, so that a round can tell what became of them. */
const LONGEST_CALL_SECONDS = 8;
/** Small enough to be full in most rounds. */
const WINDOW = { images: 30, windowMs: 15_000 };
/** Shorter than most freezes. */
const LEASE_SECONDS = 4;
/** When everything is healed, all has to be at rest within this time. */
const REST_MS = 300_000;

export interface LivedRound extends Findings {
  readonly seed: number;
  readonly folder: string;
  /** How often each fault was injected; one that this machine does not allow is left out. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly runs: number;
  readonly tookMs: number;
}

export async function liveRound(
  seed: number,
  folder: string,
  postgres: MortalPostgres,
): Promise<LivedRound> {
  const begunAt = performance.now();
  const plan = planRound(seed);
  await using cluster = await Cluster.open({
    folder,
    seed,
    postgres,
    longestSeconds: LONGEST_CALL_SECONDS,
    window: WINDOW,
    leaseSeconds: LEASE_SECONDS,
  });
  const journal = (text: string) =>
    appendFileSync(
      join(folder, 'round.log'),
      `${new Date().toISOString()} ${Math.round(performance.now() - begunAt)} ${text}\n`,
    );
  journal(JSON.stringify(plan));
  const disk = plan.faults.some(({ kind }) => kind === 'full-disk')
    ? smallDisk(join(folder, 'small-disk'))
    : undefined;
  using _ = { [Symbol.dispose]: () => disk?.[Symbol.dispose]() };
  await cluster.admitPayers(plan.payers);
  await beginMachines(cluster, plan, disk);
  journal('all machines are ready');
  const scene: Scene = { cluster, plan, postgres, disk, journal, faults: {} };
  await Promise.all([
    ...plan.orders.map(async ({ atMs, workspace, model, images }) => {
      await pause(atMs);
      const run = await cluster.order(workspace, model, images);
      journal(`${workspace} has ordered ${run.id}`);
    }),
    ...plan.faults.map(async (fault) => {
      await pause(fault.atMs);
      await inject(scene, fault);
    }),
  ]);
  await heal(scene);
  journal('everything is healed');
  const unrested = await cluster.untilRest(REST_MS);
  journal(unrested.length === 0 ? 'all is at rest' : `not at rest: ${unrested.join('; ')}`);
  const found = await auditCluster(cluster);
  const problems = [...unrested, ...found.problems];
  for (const problem of problems) journal(`PROBLEM ${problem}`);
  return {
    ...found,
    problems,
    seed,
    folder,
    faults: scene.faults,
    runs: cluster.runs.length,
    tookMs: performance.now() - begunAt,
  };
}

interface Scene {
  readonly cluster: Cluster;
  readonly plan: RoundPlan;
  readonly postgres: MortalPostgres;
  readonly disk: SmallDisk | undefined;
  readonly journal: (text: string) => void;
  readonly faults: Partial<Record<FaultKind, number>>;
}

async function beginMachines(
  cluster: Cluster,
  plan: RoundPlan,
  disk: SmallDisk | undefined,
): Promise<void> {
  for (const { name, kind, skewMs, hasSmallDisk } of plan.machines) {
    const options = { skewMs, ...(hasSmallDisk && disk && { home: join(disk.folder, name) }) };
    if (kind === 'serve') await cluster.serve(name, options);
    else cluster.worker(name, options);
  }
  await Promise.all(cluster.machines.map((machine) => machine.untilReady()));
}

async function inject(scene: Scene, fault: PlannedFault): Promise<void> {
  const { cluster, plan, postgres, disk, journal, faults } = scene;
  const { kind, forMs } = fault;
  const machine = cluster.machines[fault.machine]!;
  if (kind === 'full-disk' && disk === undefined) return;
  faults[kind] = (faults[kind] ?? 0) + 1;
  const hitsMachine = ['kill', 'freeze', 'stop', 'full-disk'].includes(kind);
  journal(`${kind}${hitsMachine ? ` of ${machine.order.name}` : ''} for ${forMs} ms`);
  switch (kind) {
    case 'kill':
    case 'stop':
      machine.signal(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
      await machine.ended();
      await pause(forMs);
      return machine.start();
    case 'freeze':
      machine.signal('SIGSTOP');
      await pause(forMs);
      return machine.signal('SIGCONT');
    case 'postgres-fast':
    case 'postgres-immediate':
    case 'postgres-kill':
      await postgres.end(POSTGRES_ENDS[kind]);
      await pause(forMs);
      return postgres.start();
    case 'postgres-cut':
      return void postgres.proxy.cut();
    case 'postgres-stall':
      postgres.proxy.stall();
      await pause(forMs);
      return postgres.proxy.flow();
    case 's3':
      cluster.s3.faults = plan.s3;
      await pause(forMs);
      cluster.s3.faults = {};
      return undefined;
    case 'vendors':
      await setVendorFaults(cluster, plan.vendors);
      await pause(forMs);
      return setVendorFaults(cluster, null);
    case 'full-disk':
      disk?.fill();
      await pause(forMs);
      return disk?.clear();
    default:
      return kind satisfies never;
  }
}

const POSTGRES_ENDS = {
  'postgres-fast': 'fast',
  'postgres-immediate': 'immediate',
  'postgres-kill': 'kill',
} as const;

async function setVendorFaults(
  { vendors }: Cluster,
  faults: Readonly<Record<string, number>> | null,
): Promise<void> {
  await vendors.change('openai', { faults });
  await vendors.change('kling', { faults });
}

/** Two faults of one kind may have overlapped: what still lasts ends here. */
async function heal({ cluster, postgres, disk }: Scene): Promise<void> {
  await postgres.start();
  postgres.proxy.flow();
  cluster.s3.faults = {};
  await setVendorFaults(cluster, null);
  disk?.clear();
  for (const machine of cluster.machines) await revive(machine);
}

async function revive(machine: MillProcess): Promise<void> {
  machine.signal('SIGCONT');
  machine.start();
  // One that starts while the database is away says so and ends: whoever keeps it running starts it again.
  await machine.untilReady().catch(async () => {
    await machine.ended();
    machine.start();
    await machine.untilReady();
  });
}
