/** What runs were expected to cost beside what they cost, model by model. Pure. */
import type { CostComparison, RunLaneUse } from '../core/dashboard.ts';
import { parseLaneName } from '../core/lane.ts';
import type { Amount } from '../core/plan.ts';
import { addUsage, NO_USAGE, type UsageSums } from '../core/usage.ts';
import { addAmounts } from '../plan/amounts.ts';
import type { StoredRun } from '../store/store.ts';

export interface ModelCost extends CostComparison {
  readonly model: string;
  readonly runs: number;
  /** Images that were planned. */
  readonly planned: number;
  readonly delivered: number;
}

/** Of runs that have ended: what was spent of them is all. Models of which no plan knew took over from others. */
export function compareCosts(runs: readonly StoredRun[], uses: readonly RunLaneUse[]): ModelCost[] {
  const plans = runs.flatMap(({ plan }) => plan?.models ?? []);
  const planned = Map.groupBy(plans, ({ model }) => model);
  const used = Map.groupBy(uses, ({ lane }) => parseLaneName(lane).model);
  const models = [...new Set([...planned.keys(), ...used.keys()])].toSorted();
  return models.map((model) => {
    const own = planned.get(model) ?? [];
    const spent = (used.get(model) ?? []).reduce<UsageSums>(addUsage, NO_USAGE);
    return {
      model,
      runs: own.length,
      planned: own.reduce((sum, { items }) => sum + items, 0),
      delivered: spent.delivered,
      estimated: own.reduce<Amount>((sum, { amount }) => addAmounts(sum, amount), NOTHING),
      actual: { creditMicros: spent.postedCreditMicros, usdMicros: spent.usdMicros },
    };
  });
}

const NOTHING: Amount = { creditMicros: 0, usdMicros: 0 };
