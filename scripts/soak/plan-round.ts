/** What a round of the soak is made of, all of it by its seed: machines, orders, faults and their moments. */
import { type Random, seededRandom } from '../../src/engine/core/random.ts';
import type { ClusterModel, Payer } from '../../test/cluster/cluster.ts';
import type { S3Faults } from '../../test/cluster/s3-proxy.ts';

/** Faults begin within this time, and everything is healed when the longest has passed. */
const LOAD_MS = 7_000;
const MOST_SKEW_MS = 600_000;

export const FAULT_KINDS = [
  'kill',
  'freeze',
  'stop',
  'postgres-fast',
  'postgres-immediate',
  'postgres-kill',
  'postgres-cut',
  'postgres-stall',
  's3',
  'vendors',
  'full-disk',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly atMs: number;
  /** How long it lasts; what was killed or stopped is started again then. */
  readonly forMs: number;
  /** Place of the machine that it hits. */
  readonly machine: number;
}

export interface PlannedMachine {
  readonly name: string;
  readonly kind: 'serve' | 'worker';
  readonly skewMs: number;
  /** Its home is a disk of its own, which may be full. */
  readonly hasSmallDisk: boolean;
}

export interface RoundPlan {
  readonly seed: number;
  readonly machines: readonly PlannedMachine[];
  readonly payers: readonly Payer[];
  readonly orders: readonly {
    readonly workspace: string;
    readonly model: ClusterModel;
    readonly images: number;
    readonly atMs: number;
  }[];
  readonly faults: readonly PlannedFault[];
  readonly s3: S3Faults;
  /** Shares of the vendors' calls, by the simulators' names of faults. */
  readonly vendors: Readonly<Record<string, number>>;
}

/** Longest spans of each fault. */
const SPANS: Readonly<Record<FaultKind, number>> = {
  kill: 2_500,
  freeze: 6_000,
  stop: 2_500,
  'postgres-fast': 1_500,
  'postgres-immediate': 1_500,
  'postgres-kill': 1_500,
  'postgres-cut': 0,
  'postgres-stall': 4_000,
  s3: 5_000,
  vendors: 6_000,
  'full-disk': 4_000,
};

/** What happens to processes happens more often than what happens to the database. */
const DICE: readonly FaultKind[] = [
  ...FAULT_KINDS,
  'kill',
  'kill',
  'freeze',
  'freeze',
  'postgres-cut',
];

export function planRound(seed: number): RoundPlan {
  const random = seededRandom(seed);
  const from = (least: number, most: number) =>
    least + Math.floor(random.next() * (most - least + 1));
  const oneOf = <Value>(values: readonly Value[]): Value => values[from(0, values.length - 1)]!;
  const servers = from(1, 2);
  const machines = Array.from({ length: servers + from(2, 3) }, (_, place): PlannedMachine => ({
    name: place < servers ? `server-${place}` : `worker-${place - servers}`,
    kind: place < servers ? 'serve' : 'worker',
    skewMs: random.next() < 0.4 ? from(-MOST_SKEW_MS, MOST_SKEW_MS) : 0,
    hasSmallDisk: place === servers,
  }));
  const payers: Payer[] = [
    { workspace: 'rich', credits: 1_000 },
    { workspace: 'poor', credits: 24 },
    { workspace: 'bounded', credits: 1_000, budget: 16 },
  ];
  const orders = Array.from({ length: from(3, 6) }, (_, place) => ({
    workspace: place < 2 ? 'rich' : oneOf(payers).workspace,
    model: place % 2 === 0 ? ('gpt-image-2' as const) : ('kling-v3' as const),
    images: from(8, 24),
    atMs: place < 2 ? 0 : from(0, LOAD_MS / 2),
  }));
  const faults = Array.from({ length: from(3, 8) }, (): PlannedFault => {
    const kind = oneOf(DICE);
    return {
      kind,
      atMs: from(200, LOAD_MS),
      forMs: from(100, SPANS[kind]),
      machine: kind === 'full-disk' ? servers : from(0, machines.length - 1),
    };
  }).toSorted((a, b) => a.atMs - b.atMs);
  return {
    seed,
    machines,
    payers,
    orders,
    faults,
    s3: s3Faults(random),
    vendors: vendorFaults(random),
  };
}

function s3Faults(random: Random): S3Faults {
  const upTo = (most: number) => random.next() * most;
  return {
    unavailable: upTo(0.5),
    cutPut: upTo(0.15),
    lostAnswer: upTo(0.1),
    cutGet: upTo(0.1),
    stall: upTo(0.1),
    stallMs: upTo(3_000),
  };
}

function vendorFaults(random: Random): Record<string, number> {
  const upTo = (most: number) => random.next() * most;
  return {
    hang: upTo(0.1),
    replyLost: upTo(0.1),
    truncated: upTo(0.1),
    status503: upTo(0.2),
    status500: upTo(0.1),
    expiredUrl: upTo(0.1),
  };
}
