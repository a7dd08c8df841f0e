import { type Selectable, sql } from 'kysely';
import { changed, type StoreContext } from '../context.ts';
import type { Trx } from '../dialect.ts';
import type {
  ClientUpload,
  NewClientUpload,
  UploadHolder,
  UploadKeeping,
  UploadPiece,
  UploadRoom,
} from '../upload-store.ts';
import type { ClientUploadsTable } from '../upload-tables.ts';

export async function createClientUpload(
  { database, dialect }: StoreContext,
  upload: NewClientUpload,
  room: UploadRoom,
  { keepMs }: UploadKeeping,
): Promise<'created' | 'too-many' | 'too-large'> {
  const now = await dialect.now(database);
  return database.transaction().execute(async (trx) => {
    // One after the other: together they would find the same room.
    await dialect.lockPayers(trx, upload.workspace, null);
    const open = await openUploads(trx, upload.workspace, now);
    if (open.uploads >= room.mostOpen) return 'too-many';
    if (open.bytes + upload.bytes > room.mostBytes) return 'too-large';
    const { keyId, mediaType, ...plain } = upload;
    await trx
      .insertInto('client_uploads')
      .values({
        ...plain,
        key_id: keyId ?? null,
        media_type: mediaType,
        created_at: now,
        expires_at: now + keepMs,
        piece_bytes: 0,
        pieces: 0,
        used_by: null,
        holder: null,
        held_until: 0,
        is_wanted: 0,
      })
      .execute();
    return 'created';
  });
}

async function openUploads(trx: Trx, workspace: string, now: number) {
  const { uploads, bytes } = await trx
    .selectFrom('client_uploads')
    .select(({ fn }) => [fn.countAll<number>().as('uploads'), fn.sum<number>('bytes').as('bytes')])
    .where('workspace', '=', workspace)
    .where('expires_at', '>', now)
    .where('used_by', 'is', null)
    .executeTakeFirstOrThrow();
  return { uploads: Number(uploads), bytes: Number(bytes ?? 0) };
}

export async function findClientUpload(
  { database }: StoreContext,
  id: string,
  workspace?: string,
): Promise<ClientUpload | undefined> {
  const row = await database
    .selectFrom('client_uploads')
    .selectAll()
    .where('id', '=', id)
    .$if(workspace !== undefined, (query) => query.where('workspace', '=', workspace!))
    .executeTakeFirst();
  return row === undefined ? undefined : toUpload(row);
}

export async function claimClientUpload(
  { database, dialect }: StoreContext,
  id: string,
  { holder, leaseMs }: UploadHolder,
  { keepMs, mostMs }: UploadKeeping,
): Promise<boolean> {
  const now = await dialect.now(database);
  const kept = sql<number>`case when created_at + ${mostMs} < ${now + keepMs}
    then created_at + ${mostMs} else ${now + keepMs} end`;
  const result = await database
    .updateTable('client_uploads')
    .set({ holder, held_until: now + leaseMs, is_wanted: 0, expires_at: kept })
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .where((where) => where.or([where('holder', 'is', null), where('held_until', '<=', now)]))
    .executeTakeFirstOrThrow();
  if (changed(result) === 1) return true;
  await database.updateTable('client_uploads').set({ is_wanted: 1 }).where('id', '=', id).execute();
  return false;
}

export async function renewClientUpload(
  { database, dialect }: StoreContext,
  id: string,
  { holder, leaseMs }: UploadHolder,
): Promise<'kept' | 'wanted' | 'lost'> {
  const now = await dialect.now(database);
  const [row] = await database
    .updateTable('client_uploads')
    .set({ held_until: now + leaseMs })
    .where('id', '=', id)
    .where('holder', '=', holder)
    .returning('is_wanted')
    .execute();
  if (row === undefined) return 'lost';
  return row.is_wanted === 1 ? 'wanted' : 'kept';
}

export async function releaseClientUpload(
  { database }: StoreContext,
  id: string,
  holder: string,
): Promise<void> {
  await database
    .updateTable('client_uploads')
    .set({ holder: null, held_until: 0, is_wanted: 0 })
    .where('id', '=', id)
    .where('holder', '=', holder)
    .execute();
}

export async function addUploadPiece(
  { database }: StoreContext,
  id: string,
  holder: string,
  { offset, bytes, name }: UploadPiece,
  mostPieces: number,
): Promise<'added' | 'lost' | 'too-many'> {
  return database
    .transaction()
    .execute(async (trx) => {
      const [row] = await trx
        .updateTable('client_uploads')
        .set({ piece_bytes: offset + bytes, pieces: sql<number>`pieces + 1` })
        .where('id', '=', id)
        .where('holder', '=', holder)
        .where('piece_bytes', '=', offset)
        .where('bytes', '>=', offset + bytes)
        .returning('pieces')
        .execute();
      if (row === undefined) return 'lost';
      if (row.pieces > mostPieces) throw new TooManyPieces();
      await trx
        .insertInto('client_upload_pieces')
        .values({ upload_id: id, first_byte: offset, bytes, name })
        .execute();
      return 'added' as const;
    })
    .catch((error: unknown) => {
      if (error instanceof TooManyPieces) return 'too-many' as const;
      throw error;
    });
}

/** Rolls the piece back that would be one too many. */
class TooManyPieces extends Error {}

export async function uploadPieces({ database }: StoreContext, id: string): Promise<UploadPiece[]> {
  const rows = await database
    .selectFrom('client_upload_pieces')
    .select(['first_byte as offset', 'bytes', 'name'])
    .where('upload_id', '=', id)
    .orderBy('first_byte')
    .execute();
  return rows;
}

export async function useClientUploads(
  { database }: StoreContext,
  ids: readonly string[],
  usedBy: string,
): Promise<void> {
  await database
    .updateTable('client_uploads')
    .set({ used_by: usedBy })
    .where('id', 'in', ids)
    .where('used_by', 'is', null)
    .execute();
}

export async function expiredClientUploads(
  { database, dialect }: StoreContext,
  most: number,
): Promise<ClientUpload[]> {
  const rows = await database
    .selectFrom('client_uploads')
    .selectAll()
    .where('expires_at', '<=', await dialect.now(database))
    .orderBy('expires_at')
    .limit(most)
    .execute();
  return rows.map(toUpload);
}

export async function removeClientUpload({ database }: StoreContext, id: string): Promise<void> {
  await database.transaction().execute(async (trx) => {
    await trx.deleteFrom('client_upload_pieces').where('upload_id', '=', id).execute();
    await trx.deleteFrom('client_uploads').where('id', '=', id).execute();
  });
}

function toUpload(row: Selectable<ClientUploadsTable>): ClientUpload {
  return {
    id: row.id,
    workspace: row.workspace,
    ...(row.key_id !== null && { keyId: row.key_id }),
    purpose: row.purpose,
    name: row.name,
    mediaType: row.media_type,
    bytes: row.bytes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    pieceBytes: row.piece_bytes,
    ...(row.used_by !== null && { usedBy: row.used_by }),
  };
}
