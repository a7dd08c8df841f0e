/** References: what sheets know by name, what vendors keep, and what was done to those of an item. */
import type { PlannedRow } from '../../core/plan.ts';
import type {
  ItemReferences,
  KeptUpload,
  NamedReference,
  ReferenceChange,
  RenamedReference,
} from '../../core/reference.ts';
import { changed, type StoreContext } from '../context.ts';
import type { Tables } from '../tables.ts';

/** So long a name that was removed can be brought back. */
const RESTORED_WITHIN_MS = 24 * 60 * 60_000;

/** By name. */
export async function namedReferences(
  context: StoreContext,
  workspace: string,
): Promise<NamedReference[]> {
  const rows = await context.database
    .selectFrom('named_references')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute();
  return rows.map(toNamed);
}

export async function findNamedReference(
  context: StoreContext,
  workspace: string,
  name: string,
): Promise<NamedReference | undefined> {
  const row = await context.database
    .selectFrom('named_references')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : toNamed(row);
}

/** Adds a name, or gives it another picture; the moment is the store's. */
export async function putNamedReference(
  context: StoreContext,
  workspace: string,
  reference: Omit<NamedReference, 'addedAt'>,
): Promise<void> {
  const { name, mediaType, ...facts } = reference;
  const addedAt = await context.dialect.now(context.database);
  const picture = { ...facts, media_type: mediaType, added_at: addedAt, removed_at: null };
  await context.database
    .insertInto('named_references')
    .values({ workspace, name, ...picture })
    .onConflict((conflict) => conflict.columns(['workspace', 'name']).doUpdateSet(picture))
    .execute();
}

/** False when there is no such name. What was removed long ago goes for good now, so that names do not pile up. */
export async function removeNamedReference(
  { database, dialect }: StoreContext,
  workspace: string,
  name: string,
): Promise<boolean> {
  const now = await dialect.now(database);
  await database
    .deleteFrom('named_references')
    .where('workspace', '=', workspace)
    .where('removed_at', '<', now - RESTORED_WITHIN_MS)
    .execute();
  const result = await database
    .updateTable('named_references')
    .set({ removed_at: now })
    .where('workspace', '=', workspace)
    .where('name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return changed(result) > 0;
}

export async function restoreNamedReference(
  { database, dialect }: StoreContext,
  workspace: string,
  name: string,
): Promise<boolean> {
  const now = await dialect.now(database);
  const result = await database
    .updateTable('named_references')
    .set({ removed_at: null })
    .where('workspace', '=', workspace)
    .where('name', '=', name)
    .where('removed_at', '>=', now - RESTORED_WITHIN_MS)
    .executeTakeFirstOrThrow();
  return changed(result) > 0;
}

/** The new name is written before the old one goes, so that of two who want it one gets it. */
export async function renameNamedReference(
  { database }: StoreContext,
  workspace: string,
  name: string,
  to: string,
): Promise<RenamedReference> {
  return database.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('named_references')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('name', '=', name)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) return 'missing';
    if (name === to) return 'renamed';
    const { workspace: _workspace, name: _name, ...picture } = row;
    const result = await trx
      .insertInto('named_references')
      .values({ ...row, name: to })
      .onConflict((conflict) =>
        conflict
          .columns(['workspace', 'name'])
          .doUpdateSet(picture)
          .where('named_references.removed_at', 'is not', null),
      )
      .executeTakeFirst();
    if (Number(result.numInsertedOrUpdatedRows ?? 0) === 0) return 'taken';
    await trx
      .deleteFrom('named_references')
      .where('workspace', '=', workspace)
      .where('name', '=', name)
      .execute();
    return 'renamed';
  });
}

function toNamed(row: Tables['named_references']): NamedReference {
  return {
    name: row.name,
    hash: row.hash,
    mediaType: row.media_type,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    source: row.source,
    addedAt: Number(row.added_at),
  };
}

export async function findUpload(
  context: StoreContext,
  account: string,
  hash: string,
): Promise<KeptUpload | undefined> {
  const row = await context.database
    .selectFrom('uploads')
    .selectAll()
    .where('account', '=', account)
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    handle: row.handle,
    ...(row.expires_at !== null && { expiresAt: Number(row.expires_at) }),
    uploadedAt: Number(row.uploaded_at),
  };
}

/** The newest upload of the same bytes takes the place of an older one. */
export async function putUpload(
  context: StoreContext,
  account: string,
  hash: string,
  upload: KeptUpload,
): Promise<void> {
  const kept = {
    handle: upload.handle,
    expires_at: upload.expiresAt ?? null,
    uploaded_at: upload.uploadedAt,
  };
  await context.database
    .insertInto('uploads')
    .values({ account, hash, ...kept })
    .onConflict((conflict) => conflict.columns(['account', 'hash']).doUpdateSet(kept))
    .execute();
}

/** Forgets handles that the vendor does not know any more. */
export async function forgetUploads(
  context: StoreContext,
  account: string,
  handles: readonly string[],
): Promise<void> {
  // An empty list is no SQL in PostgreSQL.
  if (handles.length === 0) return;
  await context.database
    .deleteFrom('uploads')
    .where('account', '=', account)
    .where('handle', 'in', [...handles])
    .execute();
}

/** Writes down what was done to the references of a request's items; none: they went as they are. */
export async function noteReferenceChanges(
  context: StoreContext,
  requestId: string,
  changes: readonly ReferenceChange[],
): Promise<void> {
  await context.database
    .updateTable('items')
    .set({ reference_changes: changes.length === 0 ? null : JSON.stringify(changes) })
    .where('request_id', '=', requestId)
    .execute();
}

export async function itemReferences(
  { database }: StoreContext,
  runId: string,
  itemId: string,
): Promise<ItemReferences | undefined> {
  const row = await database
    .selectFrom('items')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .select('rows.planned')
    .where('items.run_id', '=', runId)
    .where('items.id', '=', itemId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { references, masters = [] } = JSON.parse(row.planned) as PlannedRow;
  return { references, masters };
}

/** The rows of a lane's next requests, in the order in which they will be admitted. */
export async function nextRows(
  context: StoreContext,
  runId: string,
  lane: string,
  most: number,
): Promise<PlannedRow[]> {
  const rows = await context.database
    .selectFrom('requests')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'requests.run_id').onRef('rows.key', '=', 'requests.row_key'),
    )
    .innerJoin('runs', 'runs.id', 'requests.run_id')
    .select('rows.planned')
    .where('requests.run_id', '=', runId)
    .where('requests.lane', '=', lane)
    .where('requests.state', '=', 'waiting')
    .where((where) => where.or([where('runs.phase', '=', 'main'), where('requests.proof', '=', 1)]))
    .orderBy('requests.position')
    .limit(most)
    .execute();
  return rows.map(({ planned }) => JSON.parse(planned) as PlannedRow);
}
