/** What streams of events carry: how a run stands, its journal, what happened in a workspace. */
import { fromMicros } from '../../engine/core/credits.ts';
import type { JournalEntry, RunEvent } from '../../engine/core/events.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { WorkspaceEvent } from '../../engine/core/workspace-event.ts';
import type { RunProgress } from '../../engine/service/workspace-events.ts';

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

/** Of `journal`. */
export function journalEntryJson({ sequence, at, event }: JournalEntry) {
  const { type, ...facts } = event;
  return { sequence, at: isoTime(at), type, ...factsJson(event, facts) };
}

function factsJson(event: RunEvent, facts: object): Record<string, unknown> {
  switch (event.type) {
    case 'run-planned':
      return { items: event.items, plan_hash: event.planHash };
    case 'budget-changed':
      return { credits: event.creditMicros === null ? null : fromMicros(event.creditMicros) };
    default:
      return { ...facts };
  }
}

/** Of a workspace's stream. */
export function workspaceEventJson({ sequence, at, type, data }: WorkspaceEvent) {
  return { sequence, at: isoTime(at), type, data };
}
