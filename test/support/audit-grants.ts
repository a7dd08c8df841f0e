import type { Grant } from '../../src/engine/core/admission.ts';

/**
 * An auditor that knows nothing of how limits are decided: the most units that any window of
 * `windowMs` held, by trying the window that begins with each grant.
 */
export function mostInAnyWindow(grants: readonly Grant[], windowMs: number): number {
  const ordered = grants.toSorted((a, b) => a.grantedAt - b.grantedAt);
  let most = 0;
  let units = 0;
  let end = 0;
  for (const first of ordered) {
    while (end < ordered.length && ordered[end]!.grantedAt - first.grantedAt < windowMs) {
      units += ordered[end]!.units;
      end += 1;
    }
    most = Math.max(most, units);
    units -= first.units;
  }
  return most;
}

/** The most units held at once by tasks that each begin and end. */
export function mostAtOnce(
  tasks: readonly { readonly from: number; readonly to: number; readonly units: number }[],
): number {
  const changes = tasks.flatMap(({ from, to, units }) => [
    { at: from, units },
    { at: to, units: -units },
  ]);
  // What ends at a moment makes room for what begins then.
  changes.sort((a, b) => a.at - b.at || a.units - b.units);
  let now = 0;
  let most = 0;
  for (const change of changes) {
    now += change.units;
    most = Math.max(most, now);
  }
  return most;
}
