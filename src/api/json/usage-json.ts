import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { UsageAnswer, UsageSums } from '../../engine/core/usage.ts';

export function usageJson(answer: UsageAnswer) {
  return {
    by: answer.by,
    from: isoTime(answer.from),
    to: isoTime(answer.to),
    time_zone: answer.timeZone,
    data: answer.groups.map((each) => ({
      group: each.group ?? null,
      name: each.name ?? null,
      ...sumsJson(each),
    })),
    total: sumsJson(answer.total),
    next: answer.next ?? null,
  };
}

function sumsJson({ delivered, refused, failed, ...paid }: UsageSums) {
  return {
    images: { delivered, refused, failed },
    credits: fromMicros(paid.postedCreditMicros),
    usd: fromMicros(paid.usdMicros),
  };
}
