/** What the dashboard of a workspace tells beside its credits, limits and runs. */
import type { Amount } from './plan.ts';
import type { FailureKind } from './failure.ts';
import type { LaneKind } from './lane.ts';
import type { RefusalCategory } from './refusal.ts';
import type { UsageSums } from './usage.ts';

/** How a lane stands, in one word. */
export const LANE_VERDICTS = [
  'working',
  'waiting',
  'failing',
  'account-empty',
  'key-refused',
  'model-gone',
  'idle',
] as const;
export type LaneVerdict = (typeof LANE_VERDICTS)[number];

/** What ended on one lane in a quarter of an hour. */
export interface LaneUse extends UsageSums {
  readonly at: number;
  readonly lane: string;
}

/** What ended of a run on one lane. */
export interface RunLaneUse extends UsageSums {
  readonly runId: string;
  readonly lane: string;
}

/** Images of a lane that a vendor refused, or that failed, of one kind. */
export interface NotDelivered {
  readonly lane: string;
  readonly state: 'refused' | 'failed';
  /** Of what was refused. */
  readonly category?: RefusalCategory;
  /** Of what failed: what was said of it. */
  readonly reason?: string;
  readonly items: number;
}

/** One sending that has ended. */
export interface LaneEnd {
  readonly lane: string;
  readonly at: number;
  /** Images whose bytes came. */
  readonly made: number;
  readonly failure?: FailureKind;
  /** What was said of what failed. */
  readonly words?: string;
}

/** What is with a vendor now, or waits to be sent, in requests. */
export interface LaneLoad {
  readonly lane: string;
  readonly sent: number;
  readonly waiting: number;
}

export interface LaneFailure {
  readonly at: number;
  readonly kind?: FailureKind;
  readonly words: string;
}

/** Why something on a lane is not sent yet. */
export interface LaneWait {
  readonly runId: string;
  /** A limit's name, or another obstacle. */
  readonly limit: string;
  readonly reason: string;
  readonly until?: number;
}

/** How a lane stands for a workspace. */
export interface LaneHealth {
  readonly vendor: string;
  readonly model: string;
  readonly lane: LaneKind;
  readonly verdict: LaneVerdict;
  readonly sent: number;
  readonly waiting: number;
  readonly waits: readonly LaneWait[];
  /** What ended lately. */
  readonly recent: UsageSums;
  readonly lastSuccessAt?: number;
  readonly lastFailure?: LaneFailure;
}

/** What was expected to be spent, and what was. */
export interface CostComparison {
  readonly estimated: Amount;
  readonly actual: { readonly creditMicros: number; readonly usdMicros: number };
}

/** A model's images in the time of the question. */
export interface ModelOutcomes extends UsageSums {
  readonly model: string;
  readonly days: readonly (UsageSums & { readonly day: string })[];
  readonly refusals: readonly { readonly category: RefusalCategory; readonly items: number }[];
  readonly failures: readonly { readonly reason: string; readonly items: number }[];
}
