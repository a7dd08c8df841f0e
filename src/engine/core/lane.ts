/**
 * A lane is one vendor account's way to a model: `live` answers request by request, `batch` takes many
 * requests in one file, at its own price and within a day. The store names a lane `MODEL` or `MODEL:batch`.
 */
export const LANE_KINDS = ['live', 'batch'] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

/** What a run may be told: `auto` takes the cheap lane while a deadline lets it. */
export const LANE_CHOICES = ['live', 'batch', 'auto'] as const;
export type LaneChoice = (typeof LANE_CHOICES)[number];

export const BATCH_SUFFIX = ':batch';

export function laneName(model: string, kind: LaneKind): string {
  return kind === 'batch' ? `${model}${BATCH_SUFFIX}` : model;
}

export function parseLaneName(lane: string): { readonly model: string; readonly kind: LaneKind } {
  return lane.endsWith(BATCH_SUFFIX)
    ? { model: lane.slice(0, -BATCH_SUFFIX.length), kind: 'batch' }
    : { model: lane, kind: 'live' };
}
