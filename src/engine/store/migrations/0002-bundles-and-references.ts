import { type Kysely, sql } from 'kysely';

/** Bundles, amended requests, kept references, and what is measured of each picture. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;
  const zero = sql`0`;

  await schema
    .createTable('bundles')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('lane', 'text', (column) => column.notNull())
    .addColumn('sent_at', 'bigint', (column) => column.notNull())
    .addColumn('requests', 'integer', (column) => column.notNull())
    .addColumn('completed', 'integer', (column) => column.notNull().defaultTo(zero))
    .addColumn('ref', 'text')
    .execute();
  await schema.createIndex('bundles_by_run').on('bundles').column('run_id').execute();

  await schema.alterTable('attempts').addColumn('bundle_id', 'text').execute();
  await schema.alterTable('attempts').addColumn('made', 'integer').execute();
  await schema.createIndex('attempts_by_bundle').on('attempts').column('bundle_id').execute();

  await addColumns(database, 'runs', { breaker_seen_at: 'bigint' });
  await addColumns(database, 'attempts', { account: 'text', refused: 'integer' });
  await schema
    .createIndex('attempts_by_account')
    .on('attempts')
    .columns(['account', 'ended_at'])
    .execute();
  await addColumns(database, 'rows', { canary: 'integer' });
  await addColumns(database, 'requests', {
    amendment: 'text',
    suspect_group: 'text',
    live_credit_micros_per_image: 'bigint',
    live_worst_usd_micros: 'bigint',
    live_expected_usd_micros: 'bigint',
  });
  await addColumns(database, 'items', {
    canary: 'integer',
    refusal_stage: 'text',
    refusal_category: 'text',
    unmade: 'integer',
    detail: 'double precision',
    fingerprint: 'text',
    signature: 'text',
    drift: 'double precision',
    streak: 'integer',
    flags: 'text',
    reference_changes: 'text',
  });

  await schema
    .createTable('uploads')
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('handle', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('uploaded_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('uploads_key', ['account', 'hash'])
    .execute();

  await schema
    .createTable('named_references')
    .addColumn('workspace', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('added_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('named_references_key', ['workspace', 'name'])
    .execute();
}

/** One statement a column: SQLite adds one at a time. All may be null, so that old rows stay as they are. */
async function addColumns(
  database: Kysely<unknown>,
  table: string,
  columns: Readonly<Record<string, 'text' | 'integer' | 'bigint' | 'double precision'>>,
): Promise<void> {
  for (const [name, type] of Object.entries(columns)) {
    await database.schema.alterTable(table).addColumn(name, type).execute();
  }
}
