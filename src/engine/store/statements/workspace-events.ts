/** What happened in a workspace, numbered, in the transaction of what it tells. */
import { type Selectable, sql } from 'kysely';
import type {
  NewWorkspaceEvent,
  WorkspaceEvent,
  WorkspaceEventType,
} from '../../core/workspace-event.ts';
import type { StopReason } from '../../core/run.ts';
import type { StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type { WorkspaceEventsTable } from '../service-tables.ts';
import type { RunMark } from '../webhook-store.ts';

const DAY_MS = 86_400_000;

/**
 * Appends to the events of a workspace. They are numbered under the workspace's row, so whoever reads on
 * from a number misses nothing; call it after the run and its rows are locked. A workspace without a row
 * (the command line's, where nobody ever served) keeps none. Answers the event's sequence.
 */
export async function appendWorkspaceEvent(
  trx: Trx,
  workspace: string,
  { at, type, runId, data }: NewWorkspaceEvent,
): Promise<number | undefined> {
  const row = await trx
    .updateTable('workspaces')
    .set({ events: sql<number>`events + 1` })
    .where('id', '=', workspace)
    .returning('events')
    .executeTakeFirst();
  if (row === undefined) return undefined;
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
  return row.events;
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

export async function tellWorkspace(
  context: StoreContext,
  workspace: string,
  event: NewWorkspaceEvent,
): Promise<number | undefined> {
  return context.database
    .transaction()
    .execute((trx) => appendWorkspaceEvent(trx, workspace, event));
}

export async function workspaceMarks(
  context: StoreContext,
  workspaces: readonly string[],
): Promise<Map<string, number>> {
  if (workspaces.length === 0) return new Map();
  const rows = await context.database
    .selectFrom('workspaces')
    .select(['id', 'events'])
    .where('id', 'in', [...workspaces])
    .execute();
  return new Map(rows.map(({ id, events }) => [id, events]));
}

export async function runMarks(
  context: StoreContext,
  runs: readonly string[],
): Promise<Map<string, RunMark>> {
  if (runs.length === 0) return new Map();
  const rows = await context.database
    .selectFrom('runs')
    .select(['id', 'events', 'state', 'reason'])
    .where('id', 'in', [...runs])
    .execute();
  return new Map(
    rows.map(({ id, events, state, reason }) => [
      id,
      { id, sequence: events, state, ...(reason !== null && { reason: reason as StopReason }) },
    ]),
  );
}

export async function forgetEvents(context: StoreContext, before: number): Promise<void> {
  await context.database.transaction().execute(async (trx) => {
    await trx.deleteFrom('webhook_deliveries').where('created_at', '<', before).execute();
    // Deliveries are made later than their event: it outlives them by a day.
    await trx
      .deleteFrom('workspace_events')
      .where('at', '<', before - DAY_MS)
      .execute();
  });
}

export async function keepSecret(
  context: StoreContext,
  name: string,
  fresh: string,
): Promise<string> {
  const { database } = context;
  await database
    .insertInto('secrets')
    .values({ name, value: fresh })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await database
    .selectFrom('secrets')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return value;
}
