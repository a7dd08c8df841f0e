import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { Workspace } from '../../engine/core/workspace.ts';

export function workspaceJson(workspace: Workspace) {
  const { availableCreditMicros: available } = workspace;
  return {
    workspace: workspace.id,
    name: workspace.name,
    state: workspace.state,
    images_per_hour: workspace.imagesPerHour ?? null,
    ceiling_follows: workspace.isCeilingFixed ? ('operator' as const) : ('purchases' as const),
    credits: {
      available: available === undefined ? null : fromMicros(available),
      held: fromMicros(workspace.heldCreditMicros),
      posted: fromMicros(workspace.postedCreditMicros),
      bought: fromMicros(workspace.boughtCreditMicros),
    },
    created_at: isoTime(workspace.createdAt),
  };
}
