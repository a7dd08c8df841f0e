/** What streams of events carry: how a run stands, what happened in a workspace. */
import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { WorkspaceEvent } from '../../engine/core/workspace-event.ts';
import type { RunProgress } from '../../engine/engine-types.ts';

/** Of `snapshot`, `progress` and `end`. */
export function progressJson({ run, items }: RunProgress) {
  return {
    run: run.id,
    state: run.state,
    reason: run.reason ?? null,
    reason_text: run.reasonText ?? null,
    items: { ...items },
    credits: { posted: fromMicros(run.postedCreditMicros), held: fromMicros(run.heldCreditMicros) },
    waits: Object.entries(run.waits).map(([lane, { limit, reason, until }]) => ({
      lane,
      limit,
      reason,
      until: until === undefined ? null : isoTime(until),
    })),
    updated_at: isoTime(run.updatedAt),
  };
}

/** Of a workspace's stream. */
export function workspaceEventJson({ sequence, at, type, data }: WorkspaceEvent) {
  return { sequence, at: isoTime(at), type, data };
}
