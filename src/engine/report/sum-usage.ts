/** Compares a report that only sums up with what was sent, model by model. Pure. */
import type { CostSum, ImageSum, SentAttempt, SumComparison } from '../core/reconciliation.ts';
import type { UsageLine } from '../vendors/vendor.ts';

/** A line without a length is a moment. */
const spanOf = (line: UsageLine) => line.spanMs ?? 0;

/**
 * @param attempts all of the vendor's in the time of the report, of every run of the store
 * @param modelOf our id of the model that a lane or a line of the report means
 */
export function sumUsage(
  lines: readonly UsageLine[],
  attempts: readonly SentAttempt[],
  period: { readonly from: number; readonly to: number },
  modelOf: {
    readonly lane: (lane: string) => string | undefined;
    readonly line: (model: string | undefined) => string | undefined;
  },
): SumComparison {
  const models = new Set(attempts.flatMap(({ lane }) => modelOf.lane(lane) ?? []));
  const images: ImageSum[] = [];
  const costs: CostSum[] = [];
  for (const model of models) {
    const own = attempts.filter(({ lane }) => modelOf.lane(lane) === model);
    const told = lines.filter((line) => modelOf.line(line.model) === model);
    images.push(imageSum(model, told, own, period));
    const billed = told.filter(({ usdMicros }) => usdMicros !== undefined);
    if (billed.length > 0) costs.push(costSum(model, billed, own));
  }
  return { kind: 'sums', images, costs };
}

function imageSum(
  model: string,
  lines: readonly UsageLine[],
  attempts: readonly SentAttempt[],
  { from, to }: { readonly from: number; readonly to: number },
): ImageSum {
  const inTime = attempts.filter(({ sentAt, endedAt }) => sentAt <= to && endedAt >= from);
  const isWhole = ({ sentAt, endedAt }: SentAttempt) => sentAt >= from && endedAt <= to;
  const settled = inTime.filter(({ state }) => state === 'settled');
  const isUncertain = ({ state }: SentAttempt) => state === 'unknown' || state === 'written-off';
  const isOpen = ({ state }: SentAttempt) => state === 'sent' || state === 'accepted';
  const edge = inTime.filter(
    (each) => (each.state === 'settled' && !isWhole(each)) || isOpen(each),
  );
  return {
    model,
    ledgerImages: sum(settled.filter(isWhole), ({ made }) => made),
    edgeImages: sum(edge, ({ images }) => images),
    unknownImages: sum(inTime.filter(isUncertain), ({ images }) => images),
    reportImages: sum(lines, (line) => line.images ?? 0),
  };
}

function costSum(
  model: string,
  lines: readonly UsageLine[],
  attempts: readonly SentAttempt[],
): CostSum {
  const from = Math.min(...lines.map(({ at }) => at));
  const to = Math.max(...lines.map((line) => line.at + spanOf(line)));
  const own = attempts.filter(({ endedAt }) => endedAt >= from && endedAt < to);
  return {
    model,
    from,
    to,
    ledgerUsdMicros: sum(own, ({ usdMicros }) => usdMicros ?? 0),
    reportUsdMicros: sum(lines, ({ usdMicros }) => usdMicros ?? 0),
  };
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}
