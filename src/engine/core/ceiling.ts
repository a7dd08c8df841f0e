/** How many images a workspace may make in any hour: what it bought raises its ceiling, step by step. */
import { MICROS } from './credits.ts';

export interface CeilingStep {
  /** From so many bought credits on. */
  readonly boughtCreditMicros: number;
  /** Images in any 60 minutes; absent: no ceiling. */
  readonly imagesPerHour?: number;
}

/** Ascending; the first is everybody's. */
export const DEFAULT_CEILINGS: readonly CeilingStep[] = [
  { boughtCreditMicros: 0, imagesPerHour: 200 },
  { boughtCreditMicros: 1_000 * MICROS, imagesPerHour: 500 },
  { boughtCreditMicros: 5_000 * MICROS, imagesPerHour: 1_000 },
  { boughtCreditMicros: 10_000 * MICROS, imagesPerHour: 2_000 },
  { boughtCreditMicros: 20_000 * MICROS },
];

/** The last step that was reached. */
export function ceilingOf(steps: readonly CeilingStep[], boughtCreditMicros: number): CeilingStep {
  const reached = steps.filter((step) => step.boughtCreditMicros <= boughtCreditMicros);
  return reached.at(-1) ?? steps[0] ?? { boughtCreditMicros: 0 };
}

/** The step after it; `undefined`: there is no higher one. */
export function nextCeiling(
  steps: readonly CeilingStep[],
  boughtCreditMicros: number,
): CeilingStep | undefined {
  return steps.find((step) => step.boughtCreditMicros > boughtCreditMicros);
}
