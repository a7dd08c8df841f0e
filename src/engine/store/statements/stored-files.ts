import type { Selectable } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { ListPage, NewStoredFile, StoredFile } from '../file-store.ts';
import type { StoredFilesTable } from '../service-tables.ts';

export async function createStoredFile(context: StoreContext, file: NewStoredFile): Promise<void> {
  await context.database
    .insertInto('stored_files')
    .values({
      id: file.id,
      workspace: file.workspace,
      key_id: file.keyId ?? null,
      purpose: file.purpose,
      name: file.name,
      media_type: file.mediaType,
      bytes: file.bytes,
      sha256: file.sha256,
      created_at: await context.dialect.now(context.database),
      expires_at: file.expiresAt ?? null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function findStoredFile(
  context: StoreContext,
  workspace: string,
  id: string,
): Promise<StoredFile | undefined> {
  const row = await (await living(context, workspace)).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toFile(row);
}

export async function listStoredFiles(
  context: StoreContext,
  workspace: string,
  page: ListPage & { readonly purpose?: string },
): Promise<StoredFile[]> {
  const { after, most, purpose, isOldestFirst = false } = page;
  const [direction, beyond] = isOldestFirst ? (['asc', '>'] as const) : (['desc', '<'] as const);
  let query = (await living(context, workspace))
    .orderBy('created_at', direction)
    .orderBy('id', direction)
    .limit(most);
  if (purpose !== undefined) query = query.where('purpose', '=', purpose);
  if (after !== undefined) {
    const last = await findStoredFile(context, workspace, after);
    if (last === undefined) return [];
    query = query.where((where) =>
      where.or([
        where('created_at', beyond, last.createdAt),
        where.and([where('created_at', '=', last.createdAt), where('id', beyond, last.id)]),
      ]),
    );
  }
  return (await query.execute()).map(toFile);
}

export async function deleteStoredFile(
  context: StoreContext,
  workspace: string,
  id: string,
): Promise<boolean> {
  const result = await context.database
    .deleteFrom('stored_files')
    .where('workspace', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst();
  return Number(result.numDeletedRows) === 1;
}

export async function expiredStoredFiles(
  context: StoreContext,
  most: number,
): Promise<StoredFile[]> {
  const rows = await context.database
    .selectFrom('stored_files')
    .selectAll()
    .where('expires_at', '<=', await context.dialect.now(context.database))
    .orderBy('expires_at')
    .limit(most)
    .execute();
  return rows.map(toFile);
}

async function living(context: StoreContext, workspace: string) {
  const now = await context.dialect.now(context.database);
  return context.database
    .selectFrom('stored_files')
    .selectAll()
    .where('workspace', '=', workspace)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]));
}

function toFile(row: Selectable<StoredFilesTable>): StoredFile {
  return {
    id: row.id,
    workspace: row.workspace,
    ...(row.key_id !== null && { keyId: row.key_id }),
    purpose: row.purpose,
    name: row.name,
    mediaType: row.media_type,
    bytes: row.bytes,
    sha256: row.sha256,
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  };
}
