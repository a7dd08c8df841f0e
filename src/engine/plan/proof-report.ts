import type { Amount } from '../core/plan.ts';
import { scaleAmount } from './amounts.ts';
import { ASSUMED_REFUSED_SHARE } from './price-plan.ts';

/** How the proof went, in items. */
export interface ProofOutcomes {
  readonly delivered: number;
  readonly refused: number;
  readonly failed: number;
  readonly unknown: number;
  /** Posted credits and billed dollars. */
  readonly spent: Amount;
  /** What the plan expected the proof to cost. */
  readonly expected: Amount;
}

/** What is left of the plan after the proof. */
export interface PlanRest {
  readonly items: number;
  readonly expected: Amount;
  readonly worst: Amount;
}

export interface ProofReport {
  /** Shares of the items whose end is known, 0 to 1. */
  readonly refusedShare: number;
  readonly failedShare: number;
  /** What the rest will cost if it goes as the proof went. */
  readonly likely: Amount;
  /** What the rest can cost at most. */
  readonly atMost: Amount;
  /** How many of the rest will likely be delivered. */
  readonly likelyDelivered: number;
}

/**
 * What the proof says of the rest. Credits follow the share that was delivered; dollars follow what the
 * vendors billed over what was expected, since they may bill what they did not deliver. Without any
 * known outcome the plan's own assumption stands in.
 */
export function proofReport(proof: ProofOutcomes, rest: PlanRest): ProofReport {
  const known = proof.delivered + proof.refused + proof.failed;
  const share = (items: number, assumed: number) => (known === 0 ? assumed : items / known);
  const deliveredShare = share(proof.delivered, 1 - ASSUMED_REFUSED_SHARE);
  const usdShare = known === 0 ? deliveredShare : billedShare(proof, deliveredShare);
  const likely = scaleAmount(rest.expected, deliveredShare, usdShare);
  const isWithin =
    likely.usdMicros === undefined ||
    rest.worst.usdMicros === undefined ||
    likely.usdMicros <= rest.worst.usdMicros;
  return {
    refusedShare: share(proof.refused, ASSUMED_REFUSED_SHARE),
    failedShare: share(proof.failed, 0),
    likely: isWithin ? likely : { ...likely, usdMicros: rest.worst.usdMicros },
    atMost: rest.worst,
    likelyDelivered: Math.round(rest.items * deliveredShare),
  };
}

/** Dollars billed over dollars expected; the delivered share where either is unknown or nothing. */
function billedShare({ spent, expected }: ProofOutcomes, deliveredShare: number): number {
  const isMeasured =
    spent.usdMicros !== undefined && expected.usdMicros !== undefined && expected.usdMicros > 0;
  return isMeasured ? spent.usdMicros / expected.usdMicros : deliveredShare;
}
