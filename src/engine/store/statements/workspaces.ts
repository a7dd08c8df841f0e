import type { Selectable } from 'kysely';
import type { Workspace } from '../../core/workspace.ts';
import { changed, type StoreContext } from '../context.ts';
import type { WorkspacesTable } from '../service-tables.ts';
import type { NewApiKey, NewWorkspace, PlaceInList, WorkspaceChange } from '../workspace-store.ts';
import { apiKeyRow } from './api-keys.ts';

export async function createWorkspace(
  { database, dialect }: StoreContext,
  workspace: NewWorkspace,
  firstKey?: NewApiKey,
): Promise<boolean> {
  const now = await dialect.now(database);
  return database.transaction().execute(async (trx) => {
    const result = await trx
      .insertInto('workspaces')
      .values(workspaceRow(workspace, now))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    if (Number(result.numInsertedOrUpdatedRows ?? 0) === 0) return false;
    if (firstKey !== undefined) {
      await trx.insertInto('api_keys').values(apiKeyRow(firstKey, now)).execute();
    }
    return true;
  });
}

export async function findWorkspace(
  { database }: StoreContext,
  id: string,
): Promise<Workspace | undefined> {
  const row = await database
    .selectFrom('workspaces')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toWorkspace(row);
}

export async function listWorkspaces(
  { database }: StoreContext,
  place?: PlaceInList,
): Promise<Workspace[]> {
  const rows = await database
    .selectFrom('workspaces')
    .selectAll()
    .$if(place?.after !== undefined, (query) => query.where('id', '>', place!.after!))
    .$if(place !== undefined, (query) => query.limit(place!.limit))
    .orderBy('id')
    .execute();
  return rows.map(toWorkspace);
}

export async function changeWorkspace(
  { database }: StoreContext,
  id: string,
  { name, state, ceiling }: WorkspaceChange,
): Promise<boolean> {
  const result = await database
    .updateTable('workspaces')
    .set({
      // Something is always set: a change of nothing is one as well.
      id,
      ...(name !== undefined && { name }),
      ...(state !== undefined && { state }),
      ...(ceiling && {
        images_per_hour: ceiling.imagesPerHour ?? null,
        is_ceiling_fixed: ceiling.isFixed ? 1 : 0,
      }),
    })
    .where('id', '=', id)
    .executeTakeFirst();
  return changed(result) === 1;
}

function workspaceRow(
  { id, name, imagesPerHour, isCeilingFixed, availableCreditMicros }: NewWorkspace,
  now: number,
): Selectable<WorkspacesTable> {
  return {
    id,
    name,
    state: 'active',
    created_at: now,
    images_per_hour: imagesPerHour ?? null,
    is_ceiling_fixed: isCeilingFixed ? 1 : 0,
    available_credit_micros: availableCreditMicros ?? null,
    held_credit_micros: 0,
    posted_credit_micros: 0,
    bought_credit_micros: 0,
    is_credit_low: 0,
    events: 0,
  };
}

export function toWorkspace(row: Selectable<WorkspacesTable>): Workspace {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    createdAt: row.created_at,
    ...(row.images_per_hour !== null && { imagesPerHour: row.images_per_hour }),
    isCeilingFixed: row.is_ceiling_fixed === 1,
    ...(row.available_credit_micros !== null && {
      availableCreditMicros: row.available_credit_micros,
    }),
    heldCreditMicros: row.held_credit_micros,
    postedCreditMicros: row.posted_credit_micros,
    boughtCreditMicros: row.bought_credit_micros,
  };
}
