import type { Amount } from '../core/plan.ts';
import type { RunSettings } from '../core/settings.ts';
import { scaleAmount } from './amounts.ts';

/**
 * Share of refused images that the low total assumes until a proof has measured one: one in twenty. An
 * assumption of ours; it depends on the prompts far more than on the model.
 */
export const ASSUMED_REFUSED_SHARE = 1 / 20;

export interface PlanPrice {
  readonly low: Amount;
  readonly expected: Amount;
  readonly worst: Amount;
}

/**
 * The total as a range. Expected: every image delivered once at its price. Low: the share of refused
 * images is not charged. Worst: the sum of all holds; when unknown outcomes are sent again by
 * themselves each may be billed twice in dollars (credits are posted once all the same).
 *
 * @param atMost sum of all holds, and of what the vendors can bill for each request sent once
 */
export function pricePlan(
  expected: Amount,
  atMost: Amount,
  onUnknown: RunSettings['onUnknown'],
  refusedShare: number = ASSUMED_REFUSED_SHARE,
): PlanPrice {
  const times = onUnknown === 'retry' ? 2 : 1;
  return {
    low: scaleAmount(expected, 1 - refusedShare),
    expected,
    worst: {
      creditMicros: atMost.creditMicros,
      usdMicros: atMost.usdMicros === undefined ? undefined : atMost.usdMicros * times,
    },
  };
}
