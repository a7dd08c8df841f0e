/** References: what sheets know by name, what vendors keep, and what was done to those of an item. */
import type { PlannedRow } from '../../core/plan.ts';
import type { KeptUpload, NamedReference, ReferenceChange } from '../../core/reference.ts';
import type { StoreContext } from '../context.ts';
import type { Tables } from '../tables.ts';

/** By name. */
export async function namedReferences(
  context: StoreContext,
  workspace: string,
): Promise<NamedReference[]> {
  const rows = await context.database
    .selectFrom('named_references')
    .selectAll()
    .where('workspace', '=', workspace)
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
  const picture = { ...facts, media_type: mediaType, added_at: addedAt };
  await context.database
    .insertInto('named_references')
    .values({ workspace, name, ...picture })
    .onConflict((conflict) => conflict.columns(['workspace', 'name']).doUpdateSet(picture))
    .execute();
}

/** False when there is no such name. */
export async function removeNamedReference(
  context: StoreContext,
  workspace: string,
  name: string,
): Promise<boolean> {
  const { numDeletedRows } = await context.database
    .deleteFrom('named_references')
    .where('workspace', '=', workspace)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
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
