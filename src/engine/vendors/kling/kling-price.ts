import { toMicros } from '../../core/credits.ts';

/** A unit's list price in dollars: a kling-v3 picture is 8 units and $0.028 (derived, not quoted). */
const USD_PER_UNIT = 0.0035;

/** What units of a resource pack are worth at the list price, in micro-dollars. */
export function usdMicrosOfUnits(units: number): number {
  return toMicros(units * USD_PER_UNIT);
}
