import type { Grant } from '../core/admission.ts';

/**
 * The store counts a window a little longer than the vendor's, and a worker refuses to send later than
 * this margin after its grant: so two requests can never arrive closer than their grants allow, even
 * when a worker was stalled in between. 1 % of the window, at least 100 ms, at most 2 s.
 */
export function windowMarginMs(windowMs: number): number {
  return Math.min(2_000, Math.max(100, Math.ceil(windowMs / 100)));
}

/**
 * The first moment at which `units` more fit into the window: the smallest `grantedAt + window` after
 * which the rest of the sum lets them in. `undefined` when they can never fit.
 */
export function nextFitAt(
  grants: readonly Grant[],
  options: { readonly max: number; readonly windowMs: number; readonly units: number },
): number | undefined {
  if (options.units > options.max) return undefined;
  let excess = grants.reduce((sum, grant) => sum + grant.units, 0) + options.units - options.max;
  for (const grant of grants) {
    if (excess <= 0) return grant.grantedAt;
    excess -= grant.units;
    if (excess <= 0) return grant.grantedAt + options.windowMs;
  }
  return undefined;
}
