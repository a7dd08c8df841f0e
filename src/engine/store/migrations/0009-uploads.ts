import type { Kysely } from 'kysely';

/** Uploads that clients send piece by piece, with what of them lies in a bucket. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('client_uploads')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('piece_bytes', 'bigint', (column) => column.notNull())
    .addColumn('pieces', 'integer', (column) => column.notNull())
    .addColumn('used_by', 'text')
    .addColumn('holder', 'text')
    .addColumn('held_until', 'bigint', (column) => column.notNull())
    .addColumn('is_wanted', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('client_uploads_by_workspace')
    .on('client_uploads')
    .columns(['workspace', 'expires_at'])
    .execute();
  await schema
    .createIndex('client_uploads_by_expiry')
    .on('client_uploads')
    .column('expires_at')
    .execute();
  await schema
    .createTable('client_upload_pieces')
    .addColumn('upload_id', 'text', (column) => column.notNull())
    .addColumn('first_byte', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('client_upload_pieces_key', ['upload_id', 'first_byte'])
    .execute();
}
