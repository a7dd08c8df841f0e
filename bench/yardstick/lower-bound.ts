/** The least time that anybody could take: arithmetic that knows no engine and no simulator. */

/** What a schedule has to keep to. Without a limit everything may start at once. */
export interface Pace {
  /** At most so many images start in any window; each counts from its start for `windowMs`. */
  readonly limit?: { readonly images: number; readonly windowMs: number };
}

/**
 * The least time until the last image is there, for somebody who knows every latency beforehand, loses
 * no moment, and takes no time for anything else.
 *
 * Of images in the order of their starts, number i (from 0) cannot start before `floor(i / images)`
 * windows: image i and the `images` before it may not start within one window. Which image takes which
 * place is free: two that stand the shorter first can be swapped without a later end, so that the best
 * order has the longest first.
 */
export function lowerBoundMs(latenciesMs: readonly number[], { limit }: Pace): number {
  return sheetOrderMs(
    latenciesMs.toSorted((one, other) => other - one),
    { ...(limit && { limit }) },
  );
}

/**
 * The same for somebody who knows no latency and so takes the images as they come: no bound for every order, but for
 * that of the sheet, in which all contenders send.
 */
export function sheetOrderMs(latenciesMs: readonly number[], { limit }: Pace): number {
  return Math.max(0, ...latenciesMs.map((latencyMs, place) => startMs(place, limit) + latencyMs));
}

function startMs(place: number, limit: Pace['limit']): number {
  return limit === undefined ? 0 : Math.floor(place / limit.images) * limit.windowMs;
}
