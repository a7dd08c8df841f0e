import type { PlannedRequest, PlannedRow } from '../../core/plan.ts';

/**
 * A row that is in the run already, as a newer reading of its sheet shows it: place, name, cells and
 * count are new; the model stays, though the plan may choose another one now, since images of the row
 * may be bought already. What is asked for in addition is priced and packed as the row was before.
 */
export function keepSentModel(before: PlannedRow, now: PlannedRow): PlannedRow {
  if (before.model === now.model) return now;
  return {
    ...before,
    row: now.row,
    count: now.count,
    batch: now.batch,
    proof: now.proof,
    requests: packLike(before.requests, now.count),
  };
}

function packLike(requests: readonly PlannedRequest[], count: number): PlannedRequest[] {
  const largest = requests.reduce((a, b) => (b.count > a.count ? b : a));
  const result: PlannedRequest[] = [];
  for (let firstIndex = 1; firstIndex <= count; firstIndex += largest.count) {
    const images = Math.min(largest.count, count - firstIndex + 1);
    const share = (micros: number | undefined) =>
      micros === undefined ? undefined : Math.ceil((micros * images) / largest.count);
    result.push({
      firstIndex,
      count: images,
      creditMicrosPerImage: largest.creditMicrosPerImage,
      worstUsdMicros: share(largest.worstUsdMicros),
      expectedUsdMicros: share(largest.expectedUsdMicros),
      ...(largest.live && {
        live: {
          creditMicrosPerImage: largest.live.creditMicrosPerImage,
          worstUsdMicros: share(largest.live.worstUsdMicros),
          expectedUsdMicros: share(largest.live.expectedUsdMicros),
        },
      }),
    });
  }
  return result;
}
