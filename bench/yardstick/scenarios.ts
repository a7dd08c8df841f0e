/** What is asked of every contender. Durations are the vendor's, in milliseconds. */
import type { Behaviour } from '../../simulators/index.ts';

export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  readonly rows: number;
  readonly latencyMs?: readonly [least: number, most: number];
  readonly limit?: { readonly images: number; readonly windowMs: number };
  /** The contender is told the limit's figure. */
  readonly isLimitTold: boolean;
  readonly faults?: Behaviour['faults'];
  readonly refusedShare?: number;
  /** Killed once, when a share of the sheet between these is on the bill, and started again. */
  readonly killBetween?: readonly [least: number, most: number];
  /** Dollars that may be spent: so many images' price. */
  readonly capImages?: number;
  /** Requests at a time that a person would choose. */
  readonly concurrency: number;
  /** Contenders that run only here. */
  readonly alsoRuns?: readonly string[];
  /** The only contenders; default: all. */
  readonly runsOnly?: readonly string[];
  /** Pictures weigh what photographs do, 1.5 MB; otherwise a few kB. */
  readonly isHeavy?: true;
  /** One contender after the other: its time is looked at closely. */
  readonly isAlone: boolean;
  /** How many seeds of those asked for it lives. */
  readonly seeds: number;
  /** Nobody takes longer; who does is stopped. */
  readonly mostSeconds: number;
}

export const SCENARIO_NAMES = [
  'known',
  'learned',
  'faults',
  'kill',
  'cap',
  'throughput',
  'pictures',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** What a vendor does besides: a fault each fiftieth request and so on, drawn by its number. */
const FAULTS = { status503: 0.02, replyLost: 0.02, truncated: 0.01 } as const;
const CUTS = { replyLost: 0.04, truncated: 0.02 } as const;

const WHOLE: Readonly<Record<ScenarioName, Scenario>> = {
  known: {
    name: 'known',
    title: 'Limits that are told',
    rows: 260,
    latencyMs: [2000, 6000],
    limit: { images: 40, windowMs: 20_000 },
    isLimitTold: true,
    // 40 in 20 s at 4 s each.
    concurrency: 8,
    isAlone: false,
    seeds: 1,
    mostSeconds: 300,
  },
  learned: {
    name: 'learned',
    title: 'Limits that nobody tells',
    rows: 180,
    latencyMs: [2000, 6000],
    limit: { images: 40, windowMs: 20_000 },
    isLimitTold: false,
    concurrency: 10,
    isAlone: false,
    seeds: 1,
    mostSeconds: 300,
  },
  faults: {
    name: 'faults',
    title: 'Refusals, overload, cut answers',
    rows: 200,
    latencyMs: [500, 1500],
    isLimitTold: false,
    faults: FAULTS,
    refusedShare: 0.05,
    concurrency: 10,
    alsoRuns: ['imagemill-retry'],
    isAlone: false,
    seeds: 3,
    mostSeconds: 120,
  },
  kill: {
    name: 'kill',
    title: 'kill -9, and started again',
    rows: 90,
    latencyMs: [1000, 3000],
    limit: { images: 30, windowMs: 10_000 },
    isLimitTold: true,
    killBetween: [0.2, 0.8],
    concurrency: 6,
    alsoRuns: ['imagemill-retry'],
    isAlone: false,
    seeds: 2,
    mostSeconds: 180,
  },
  cap: {
    name: 'cap',
    title: 'Money for half of the sheet, with cut answers',
    rows: 200,
    latencyMs: [500, 1500],
    isLimitTold: false,
    faults: CUTS,
    capImages: 100,
    concurrency: 10,
    isAlone: false,
    seeds: 2,
    mostSeconds: 120,
  },
  throughput: {
    name: 'throughput',
    title: 'A vendor without latency or limits',
    rows: 500,
    isLimitTold: false,
    concurrency: 32,
    alsoRuns: ['decode-and-write'],
    isAlone: true,
    seeds: 2,
    mostSeconds: 120,
  },
  pictures: {
    name: 'pictures',
    title: 'The same with pictures of real weight',
    rows: 300,
    isLimitTold: false,
    concurrency: 32,
    alsoRuns: ['decode-and-write'],
    runsOnly: ['imagemill', 'bullmq', 'pg-boss', 'decode-and-write'],
    isHeavy: true,
    isAlone: true,
    seeds: 2,
    mostSeconds: 180,
  },
};

/** The same in seconds, for a test: figures of time mean nothing there. */
const QUICK: Readonly<Record<ScenarioName, Partial<Scenario>>> = {
  known: { rows: 16, latencyMs: [50, 150], limit: { images: 6, windowMs: 2000 }, concurrency: 4 },
  learned: { rows: 16, latencyMs: [50, 150], limit: { images: 6, windowMs: 2000 }, concurrency: 4 },
  faults: {
    rows: 30,
    latencyMs: [20, 60],
    faults: { status503: 0.1, replyLost: 0.1 },
    refusedShare: 0.1,
    seeds: 1,
  },
  kill: {
    rows: 24,
    latencyMs: [200, 600],
    limit: { images: 8, windowMs: 2000 },
    concurrency: 4,
    seeds: 1,
  },
  cap: { rows: 20, latencyMs: [20, 60], capImages: 10, seeds: 1 },
  throughput: { rows: 24, seeds: 1 },
  pictures: { rows: 12, seeds: 1 },
};

export function scenarioOf(name: ScenarioName, isQuick: boolean): Scenario {
  return { ...WHOLE[name], ...(isQuick && QUICK[name]) };
}
