/** What happened in a workspace, numbered, in the transaction of what it tells. */
import { type Selectable, sql } from 'kysely';
import type {
  NewWorkspaceEvent,
  WorkspaceEvent,
  WorkspaceEventType,
} from '../../core/workspace-event.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { WorkspaceEventsTable } from '../service-tables.ts';

/**
 * Appends to the events of a workspace. They are numbered under the workspace's row, so whoever reads on
 * from a number misses nothing; call it after the run and its rows are locked. A workspace without a row
 * (the command line's, where nobody ever served) keeps none.
 */
export async function appendWorkspaceEvent(
  trx: Trx,
  workspace: string,
  { at, type, runId, data }: NewWorkspaceEvent,
): Promise<void> {
  const row = await trx
    .updateTable('workspaces')
    .set({ events: sql<number>`events + 1` })
    .where('id', '=', workspace)
    .returning('events')
    .executeTakeFirst();
  if (row === undefined) return;
  await trx
    .insertInto('workspace_events')
    .values({
      workspace,
      sequence: row.events,
      at,
      type,
      run_id: runId ?? null,
      data: JSON.stringify(data),
    })
    .execute();
}

/** By sequence. */
export async function workspaceEvents(
  context: StoreContext,
  workspace: string,
  after: number,
  most: number,
): Promise<WorkspaceEvent[]> {
  const rows = await context.database
    .selectFrom('workspace_events')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(most)
    .execute();
  return rows.map(toWorkspaceEvent);
}

export function toWorkspaceEvent(row: Selectable<WorkspaceEventsTable>): WorkspaceEvent {
  return {
    workspace: row.workspace,
    sequence: row.sequence,
    at: row.at,
    type: row.type as WorkspaceEventType,
    ...(row.run_id !== null && { runId: row.run_id }),
    data: JSON.parse(row.data) as Record<string, unknown>,
  };
}
