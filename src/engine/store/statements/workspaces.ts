import type { Selectable } from 'kysely';
import type { Workspace } from '../../core/workspace.ts';
import type { StoreContext } from '../context.ts';
import type { WorkspacesTable } from '../service-tables.ts';
import type { NewWorkspace } from '../workspace-store.ts';

export async function createWorkspace(
  context: StoreContext,
  { id, name, imagesPerHour, availableCreditMicros }: NewWorkspace,
): Promise<boolean> {
  const result = await context.database
    .insertInto('workspaces')
    .values({
      id,
      name,
      state: 'active',
      created_at: await context.dialect.now(context.database),
      images_per_hour: imagesPerHour ?? null,
      is_ceiling_fixed: 0,
      available_credit_micros: availableCreditMicros ?? null,
      held_credit_micros: 0,
      posted_credit_micros: 0,
      bought_credit_micros: 0,
      events: 0,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) === 1;
}

export async function findWorkspace(
  context: StoreContext,
  id: string,
): Promise<Workspace | undefined> {
  const row = await context.database
    .selectFrom('workspaces')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toWorkspace(row);
}

export async function listWorkspaces(context: StoreContext): Promise<Workspace[]> {
  const rows = await context.database.selectFrom('workspaces').selectAll().orderBy('id').execute();
  return rows.map(toWorkspace);
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
