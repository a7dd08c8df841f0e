import type { Kysely } from 'kysely';

/** What people say of images, pages on which others may say it too, and runs made from what was chosen. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('runs').addColumn('source_run', 'text').execute();
  await schema.alterTable('runs').addColumn('source_kind', 'text').execute();
  await schema.createIndex('runs_by_source').on('runs').column('source_run').execute();
  await schema.alterTable('api_keys').addColumn('holder', 'text').execute();
  await schema.alterTable('named_references').addColumn('removed_at', 'bigint').execute();
  await schema.alterTable('api_keys').addColumn('invitation_hash', 'text').execute();
  await schema.alterTable('api_keys').addColumn('invitation_until', 'bigint').execute();
  await schema
    .createIndex('api_keys_by_invitation')
    .unique()
    .on('api_keys')
    .column('invitation_hash')
    .execute();
  await schema.alterTable('attempts').addColumn('failure', 'text').execute();
  // The dashboard asks for the few that work or wait, beside thousands that have ended.
  await schema
    .createIndex('runs_of_workspace_by_state')
    .on('runs')
    .columns(['workspace', 'state', 'created_at'])
    .execute();

  await schema
    .createTable('reviews')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text')
    .addColumn('stars', 'integer', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('reviewer', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reviews_key', ['run_id', 'item_id'])
    .execute();

  await schema
    .createTable('shares')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('terms', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addColumn('opened_at', 'bigint')
    .execute();
  await schema.createIndex('shares_by_hash').unique().on('shares').column('hash').execute();
  await schema
    .createIndex('shares_by_run')
    .on('shares')
    .columns(['run_id', 'created_at'])
    .execute();

  await schema
    .createTable('share_marks')
    .addColumn('share_id', 'text', (column) => column.notNull())
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('mark', 'text')
    .addColumn('note', 'text')
    .addColumn('marked_by', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('share_marks_key', ['share_id', 'item_id'])
    .execute();

  // A contact sheet is asked for by place: what is before it is counted in the index alone.
  await schema.dropIndex('items_in_order').execute();
  await schema
    .createIndex('items_in_order')
    .on('items')
    .columns(['run_id', 'row_number', 'image_index', 'id', 'dropped'])
    .execute();
}
