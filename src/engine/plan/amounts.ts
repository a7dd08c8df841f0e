import type { Amount, PlannedRequest } from '../core/plan.ts';

export const NOTHING: Amount = { creditMicros: 0, usdMicros: 0 };

/** The sum; its dollars are unknown when either's are. */
export function addAmounts(one: Amount, other: Amount): Amount {
  return {
    creditMicros: one.creditMicros + other.creditMicros,
    usdMicros: addUsd(one.usdMicros, other.usdMicros),
  };
}

export function addUsd(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

/** What requests hold, and the most that the vendor can bill for them. */
export function worstAmount(requests: readonly PlannedRequest[]): Amount {
  return requests
    .map((request) => ({
      creditMicros: request.count * request.creditMicrosPerImage,
      usdMicros: request.worstUsdMicros,
    }))
    .reduce<Amount>(addAmounts, NOTHING);
}

/** An amount times a share of it, rounded to whole micros. */
export function scaleAmount(amount: Amount, creditShare: number, usdShare = creditShare): Amount {
  return {
    creditMicros: Math.round(amount.creditMicros * creditShare),
    usdMicros: amount.usdMicros === undefined ? undefined : Math.round(amount.usdMicros * usdShare),
  };
}
