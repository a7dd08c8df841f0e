import type { Return } from '../core/admission.ts';

/**
 * The store counts a window a little longer than the vendor's, and a worker refuses to send later than
 * this margin after its grant: so two requests can never arrive closer than their grants allow, even
 * when a worker was stalled in between. 1 % of the window, at least 100 ms, at most 2 s.
 */
export function windowMarginMs(windowMs: number): number {
  return Math.min(2_000, Math.max(100, Math.ceil(windowMs / 100)));
}

/**
 * The first moment at which `units` more fit: the smallest return after which the rest lets them in.
 * `undefined` when the returns never make enough room.
 */
export function nextFitAt(
  returns: readonly Return[],
  need: { readonly used: number; readonly max: number; readonly units: number },
): number | undefined {
  let excess = need.used + need.units - need.max;
  for (const { at, units } of returns) {
    excess -= units;
    if (excess <= 0) return at;
  }
  return undefined;
}
